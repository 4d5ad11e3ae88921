import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { Region } from "@uptime/domain/Region"
import type { Phases, ProbeOutcome } from "@uptime/domain/Result"
import type { Metric } from "effect"
import { counterSeries, histogramSeries, secondsBounds } from "./Metrics.ts"

const latenessBounds = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]

/** Our phases under the names that blackbox_exporter gives them. */
const phaseNames = [
  ["dns", "resolve"],
  ["connect", "connect"],
  ["tls", "tls"],
  ["firstByte", "processing"],
  ["transfer", "transfer"],
] as const satisfies ReadonlyArray<readonly [keyof Phases, string]>

/** Counts the checks of one region and one kind. */
export interface ProbeMetrics {
  /**
   * Counts one check. Called once per check on the hot path: all that can be looked up was looked up before.
   *
   * @param outcome what the probe found
   * @param latenessMs from the slot to the start of the probe, in milliseconds
   */
  readonly observe: (outcome: ProbeOutcome, latenessMs: number) => void
}

/**
 * The counters of the checks of one region and kind: `probe_success_total`, `probe_duration_seconds`,
 * `probe_http_duration_seconds{phase}` after blackbox_exporter, here over all monitors and never per monitor.
 */
export const makeProbeMetrics = (region: Region, kind: CheckSpec["kind"]): ProbeMetrics => {
  const ofKind = { region, kind }
  const ended = (status: ProbeOutcome["status"]) =>
    counterSeries("probe_results_total", "Checks that ended, by status (Up, Degraded, Down, Unknown).", {
      ...ofKind,
      status,
    })
  const byStatus = { Up: ended("Up"), Degraded: ended("Degraded"), Down: ended("Down"), Unknown: ended("Unknown") }
  const success = counterSeries("probe_success_total", "Checks that ended Up or Degraded.", ofKind)
  const byError = new Map<string, Metric.Metric.Counter<number>>()
  const took = histogramSeries(
    "probe_duration_seconds",
    "How long a check took that was answered.",
    secondsBounds,
    ofKind,
  )
  const late = histogramSeries(
    "probe_lateness_seconds",
    "From the planned instant of a check to its start.",
    latenessBounds,
    ofKind,
  )
  const byPhase = phaseNames.map(([key, phase]) => {
    const description = "How long each phase of an HTTP check took, summed over redirects."
    return [
      key,
      histogramSeries("probe_http_duration_seconds", description, secondsBounds, { ...ofKind, phase }),
    ] as const
  })
  for (const metric of [...Object.values(byStatus), success]) metric.unsafeUpdate(0, none)
  return {
    observe: (outcome, latenessMs) => {
      byStatus[outcome.status].unsafeUpdate(1, none)
      late.unsafeUpdate(Math.max(0, latenessMs) / 1000, none)
      if (outcome.status === "Up" || outcome.status === "Degraded") success.unsafeUpdate(1, none)
      if (outcome.errorKind !== null) {
        let metric = byError.get(outcome.errorKind)
        if (metric === undefined) {
          metric = counterSeries("probe_errors_total", "Checks that did not end Up, by the kind of error.", {
            ...ofKind,
            error: outcome.errorKind,
          })
          byError.set(outcome.errorKind, metric)
        }
        metric.unsafeUpdate(1, none)
      }
      if (outcome.responseTimeMs !== null) took.unsafeUpdate(outcome.responseTimeMs / 1000, none)
      for (const [key, metric] of byPhase) {
        const ms = outcome.phases[key]
        if (ms !== null) metric.unsafeUpdate(ms / 1000, none)
      }
    },
  }
}

const none: [] = []
