import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { Region } from "@uptime/domain/Region"
import { counter } from "@uptime/runtime/Metrics"
import type { NotTested } from "@uptime/stream/TestRuns"
import { type Effect, Metric } from "effect"

const testRuns = counter(
  "uptime_test_runs_total",
  "Checks that people had run at once, by region and by what became of them: a status, absent, busy or late.",
)

/** Counts a test run in one region. */
export const countTestRun = (region: Region, outcome: CheckStatus | NotTested["reason"]): Effect.Effect<void> =>
  Metric.update(Metric.tagged(Metric.tagged(testRuns, "region", region), "outcome", outcome), 1)
