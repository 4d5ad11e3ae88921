import type { Region } from "@uptime/domain/Region"
import type { NewResult } from "@uptime/domain/Result"
import { Metric, MetricBoundaries } from "effect"

const seconds = MetricBoundaries.fromIterable([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60])

const results = Metric.counter("probe_results_total", {
  description: "Results by region, status and kind of error",
  incremental: true,
})
const successes = Metric.counter("probe_success_total", {
  description: "Checks that ended Up, by region",
  incremental: true,
})
const duration = Metric.histogram("probe_duration_seconds", seconds, "How long targets took to answer, by region")
const phaseDuration = Metric.histogram(
  "probe_http_duration_seconds",
  seconds,
  "How long each phase of HTTP checks took, by region and phase",
)
const lateness = Metric.histogram(
  "worker_start_lateness_seconds",
  seconds,
  "Start of a check after its slot, by region",
)
const expired = Metric.counter("worker_jobs_expired_total", {
  description: "Jobs that came too late to be run, stored as Unknown",
  incremental: true,
})
const dead = Metric.counter("worker_jobs_dead_total", {
  description: "Jobs set aside, by region and reason",
  incremental: true,
})
const reclaimed = Metric.counter("worker_jobs_reclaimed_total", {
  description: "Jobs taken over from a consumer that was idle",
  incremental: true,
})
const lost = Metric.counter("worker_jobs_lost_total", {
  description: "Jobs that another consumer took over while they were held here",
  incremental: true,
})
const rows = Metric.counter("worker_rows_total", {
  description: "Rows given to the database by what became of them",
  incremental: true,
})
const insertDuration = Metric.histogram("worker_insert_duration_seconds", seconds, "How long one bulk insert took")
const storeHealthy = Metric.gauge("worker_store_healthy", {
  description: "1 while the database takes results, 0 while they are held back",
})
const held = Metric.gauge("worker_held_jobs", { description: "Jobs read and not acknowledged yet" })
const running = Metric.gauge("worker_running_probes", { description: "Probes running now" })

/** The phases under the names that blackbox_exporter gives them. */
const phaseNames = {
  dns: "resolve",
  connect: "connect",
  tls: "tls",
  firstByte: "processing",
  transfer: "transfer",
} as const

/**
 * The metrics of one region's worker. Everything is updated once per stored batch, never per check, and no label is a
 * monitor's: the number of series is bounded by regions, statuses and kinds.
 */
export const workerMetrics = (region: Region) => {
  const tag = <Type, In, Out>(metric: Metric.Metric<Type, In, Out>) => Metric.tagged(metric, "region", region)
  const outcomeOf = (status: string, kind: string) =>
    tag(results).pipe(Metric.tagged("status", status), Metric.tagged("kind", kind))
  const mySuccesses = tag(successes)
  const myDuration = tag(duration)
  const myLateness = tag(lateness)
  const phases = {
    dns: Metric.tagged(tag(phaseDuration), "phase", phaseNames.dns),
    connect: Metric.tagged(tag(phaseDuration), "phase", phaseNames.connect),
    tls: Metric.tagged(tag(phaseDuration), "phase", phaseNames.tls),
    firstByte: Metric.tagged(tag(phaseDuration), "phase", phaseNames.firstByte),
    transfer: Metric.tagged(tag(phaseDuration), "phase", phaseNames.transfer),
  }
  const phaseKeys = ["dns", "connect", "tls", "firstByte", "transfer"] as const
  const byOutcome = new Map<string, ReturnType<typeof outcomeOf>>()

  const outcomeCounter = (status: string, kind: string) => {
    const key = `${status}:${kind}`
    const known = byOutcome.get(key)
    if (known !== undefined) return known
    const made = outcomeOf(status, kind)
    byOutcome.set(key, made)
    return made
  }

  return {
    /** Counts a batch that was committed. */
    recordBatch: (batch: ReadonlyArray<NewResult>): void => {
      const counts = new Map<string, number>()
      for (const { checkedAt, outcome, slot } of batch) {
        const key = `${outcome.status}:${outcome.errorKind ?? "none"}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
        myLateness.unsafeUpdate(Math.max(0, checkedAt - slot) / 1000, [])
        if (outcome.responseTimeMs !== null) myDuration.unsafeUpdate(outcome.responseTimeMs / 1000, [])
        if (outcome.status === "Up") mySuccesses.unsafeUpdate(1, [])
        for (const phase of phaseKeys) {
          const ms = outcome.phases[phase]
          if (ms !== null) phases[phase].unsafeUpdate(ms / 1000, [])
        }
      }
      for (const [key, count] of counts) {
        const [status = "", kind = ""] = key.split(":")
        outcomeCounter(status, kind).unsafeUpdate(count, [])
      }
    },
    expired: tag(expired),
    reclaimed: tag(reclaimed),
    lost: tag(lost),
    dead: (reason: string) => Metric.tagged(tag(dead), "reason", reason),
    rows: (became: "inserted" | "duplicate" | "dropped" | "rejected") => Metric.tagged(tag(rows), "became", became),
    insertDuration: tag(insertDuration),
    storeHealthy: tag(storeHealthy),
    held: tag(held),
    running: tag(running),
  }
}

/** The metrics of one region's worker. */
export type WorkerMetrics = ReturnType<typeof workerMetrics>
