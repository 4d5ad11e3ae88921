import { Housekeeping } from "@uptime/persistence/Housekeeping"
import { daysAhead } from "@uptime/persistence/Partitions"
import { Users } from "@uptime/persistence/Users"
import { supervised } from "@uptime/runtime/Supervised"
import { Clock, type Duration, Effect, Metric, Ref } from "effect"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** How often each chore is done. */
const cadence = {
  partitions: "1 hour",
  rollup: "1 minute",
  retention: "1 hour",
  "no data": "10 seconds",
  purge: "1 minute",
  revocations: "1 hour",
} as const satisfies Record<string, Duration.DurationInput>

/** Fewer days of partitions ahead than this raise the alarm. */
const alarmDays = 3

/** The most batches of one purge: a user with a million results goes within the minute, one with more in the next. */
const maxPurgeBatches = 100

const dayMs = 86_400_000

/**
 * The fibers that keep the database in order: partitions, rollups, retention, silent monitors, results of deleted
 * monitors, expired revocations. Each is done once at the start and then on its own beat.
 *
 * @param retentionDays how many days of results are kept
 */
export const chores = (retentionDays: number) =>
  Effect.gen(function* () {
    const housekeeping = yield* Housekeeping
    const users = yield* Users
    const chore = <E, R>(name: keyof typeof cadence, work: Effect.Effect<number, E, R>) => {
      const units = Metric.tagged(ProducerMetrics.choreUnits, "chore", name)
      return supervised(
        name,
        Effect.flatMap(work, (done) => Metric.incrementBy(units, done)),
        {
          every: cadence[name],
        },
      )
    }

    yield* chore("partitions", yield* partitions(housekeeping))
    yield* chore("rollup", housekeeping.rollUp)
    yield* chore("retention", housekeeping.dropExpired(retentionDays))
    yield* chore("no data", housekeeping.sweepNoData)
    yield* chore("purge", purgeAll(housekeeping.purgeDeleted))
    yield* chore("revocations", users.forgetExpiredRevocations)
  })

/** Makes partitions and says by the alarm metric when they, or the rows that found none, need somebody's eye. */
const partitions = ({ defaultPartitionRows, ensurePartitions }: Housekeeping["Type"]) =>
  Effect.gen(function* () {
    /** The instant until which there are partitions, as far as we know: nothing yet. */
    const until = yield* Ref.make(0)
    const alarm = (rows: number) =>
      Effect.gen(function* () {
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

const purgeAll = <E>(purgeDeleted: Effect.Effect<number, E>): Effect.Effect<number, E> =>
  Effect.gen(function* () {
    let total = 0
    for (let batch = 0; batch < maxPurgeBatches; batch++) {
      const rows = yield* purgeDeleted
      if (rows === 0) break
      total += rows
    }
    return total
  })
