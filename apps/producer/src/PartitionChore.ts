import type { Housekeeping } from "@uptime/persistence/Housekeeping"
import { daysAhead } from "@uptime/persistence/Partitions"
import { Clock, Effect, Metric, Ref } from "effect"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** Fewer days of partitions ahead than this raise the alarm. */
const alarmDays = 3

const dayMs = 86_400_000

/**
 * A chore that makes partitions, and says by the alarm metric when they need somebody's eye: because they reach less than
 * three days ahead, or because results found none of their day. It remembers how far they reach, so that it can tell
 * when it fails for days.
 */
export const partitionChore = Effect.fnUntraced(function* ({
  defaultPartitionRows,
  ensurePartitions,
}: Housekeeping["Type"]) {
  /** The instant until which there are partitions, as far as we know: nothing yet. */
  const until = yield* Ref.make(0)
  const alarm = Effect.fnUntraced(function* (rows: number) {
    const soon = (yield* Ref.get(until)) - (yield* Clock.currentTimeMillis) < alarmDays * dayMs
    yield* Metric.set(ProducerMetrics.partitionAlarm, soon || rows > 0 ? 1 : 0)
  })
  return Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const made = yield* ensurePartitions
    yield* Ref.set(until, Math.floor(now / dayMs) * dayMs + (daysAhead + 1) * dayMs)
    const rows = yield* defaultPartitionRows
    yield* Metric.set(ProducerMetrics.defaultPartitionRows, rows)
    yield* alarm(rows)
    if (rows > 0) yield* Effect.logWarning("the DEFAULT partition holds results").pipe(Effect.annotateLogs({ rows }))
    return made
  }).pipe(Effect.tapErrorCause(() => alarm(0)))
})
