import type { CheckKind } from "@uptime/domain/CheckKind"
import type { Region } from "@uptime/domain/Region"
import { counter, gauge, histogram, secondsBounds } from "@uptime/runtime/Metrics"
import { makeProbeMetrics, type ProbeMetrics } from "@uptime/runtime/ProbeMetrics"
import { Metric } from "effect"
import type { WaitingResult } from "./Holdings.ts"

const expired = counter("uptime_worker_jobs_expired_total", "Jobs that came too late to be run, stored as Unknown.")
const dead = counter("uptime_worker_jobs_dead_total", "Jobs set aside, by reason.")
const reclaimed = counter("uptime_worker_jobs_reclaimed_total", "Jobs taken over from a consumer that was idle.")
const lost = counter("uptime_worker_jobs_lost_total", "Jobs that another consumer took over while they were held here.")
const rows = counter("uptime_worker_rows_total", "Rows given to the database, by what became of them.")
const insertDuration = histogram(
  "uptime_worker_insert_duration_seconds",
  "How long one bulk insert took.",
  secondsBounds,
)
const storeHealthy = gauge(
  "uptime_worker_store_healthy",
  "1 while the database takes results, 0 while they are held back.",
)
const held = gauge("uptime_worker_held_jobs", "Jobs read and not acknowledged yet.")
const running = gauge("uptime_worker_running_probes", "Probes running now.")

/**
 * The metrics of one region's worker. Those of checks are updated once per stored batch, not in each check, and no label
 * is a monitor's: the number of series is bounded by regions, statuses and kinds.
 */
export const workerMetrics = (region: Region) => {
  const inRegion = <Type, In, Out>(metric: Metric.Metric<Type, In, Out>) => Metric.tagged(metric, "region", region)
  const byKind = new Map<CheckKind, ProbeMetrics>()
  const ofKind = (kind: CheckKind): ProbeMetrics => {
    const known = byKind.get(kind)
    if (known !== undefined) return known
    const made = makeProbeMetrics(region, kind)
    byKind.set(kind, made)
    return made
  }
  // The kind that every installation has shows its counters from the start.
  ofKind("http")
  return {
    /** Counts the checks of a batch that was committed. */
    observe: (batch: ReadonlyArray<WaitingResult>): void => {
      for (const { kind, result } of batch) ofKind(kind).observe(result.outcome, result.checkedAt - result.slot)
    },
    expired: inRegion(expired),
    reclaimed: inRegion(reclaimed),
    lost: inRegion(lost),
    dead: (reason: "deliveries" | "rejected") => Metric.tagged(inRegion(dead), "reason", reason),
    rows: (became: "inserted" | "duplicate" | "dropped" | "rejected") =>
      Metric.tagged(inRegion(rows), "became", became),
    insertDuration: inRegion(insertDuration),
    storeHealthy: inRegion(storeHealthy),
    held: inRegion(held),
    running: inRegion(running),
  }
}

/** The metrics of one region's worker. */
export type WorkerMetrics = ReturnType<typeof workerMetrics>
