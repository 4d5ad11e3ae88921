import { EmailRecipients } from "@uptime/persistence/EmailRecipients"
import { Housekeeping } from "@uptime/persistence/Housekeeping"
import { Users } from "@uptime/persistence/Users"
import { supervised } from "@uptime/runtime/Supervised"
import { type Duration, Effect, Metric } from "effect"
import { partitionChore } from "./PartitionChore.ts"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** How often each chore is done. */
const cadence = {
  partitions: "1 hour",
  rollup: "1 minute",
  retention: "1 hour",
  history: "1 hour",
  "no data": "10 seconds",
  purge: "1 minute",
  revocations: "1 hour",
  recipients: "1 hour",
} as const satisfies Record<string, Duration.DurationInput>

/** How many days of each are kept. */
export interface RetentionAges {
  /** Results, and whatever reports are made of. */
  readonly retentionDays: number
  /** Incidents that are over. */
  readonly incidentRetentionDays: number
}

/** The most batches of one purge: a user with a million results goes within the minute, one with more in the next. */
const maxPurgeBatches = 100

/**
 * The fibers that keep the database in order: partitions, rollups, retention, old incidents, silent monitors, results of deleted
 * monitors, expired revocations, recipients of emails who never confirmed. Each is done once at the start and then on its own beat.
 *
 * @param ages how many days of results, and of incidents that are over, are kept
 */
export const chores = Effect.fnUntraced(function* ({ incidentRetentionDays, retentionDays }: RetentionAges) {
  const housekeeping = yield* Housekeeping
  const users = yield* Users
  const recipients = yield* EmailRecipients
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

  yield* chore("partitions", yield* partitionChore(housekeeping))
  yield* chore("rollup", housekeeping.rollUp)
  yield* chore("retention", housekeeping.dropExpired(retentionDays))
  yield* chore(
    "history",
    housekeeping.forgetHistory({ changeDays: retentionDays, incidentDays: incidentRetentionDays }),
  )
  yield* chore("no data", housekeeping.sweepNoData)
  yield* chore("purge", purgeAll(housekeeping.purgeDeleted))
  yield* chore("revocations", users.forgetExpiredRevocations)
  yield* chore("recipients", recipients.forgetOld)
})

const purgeAll = Effect.fnUntraced(function* <E>(purgeDeleted: Effect.Effect<number, E>): Effect.fn.Return<number, E> {
  let total = 0
  for (let batch = 0; batch < maxPurgeBatches; batch++) {
    const rows = yield* purgeDeleted
    if (rows === 0) break
    total += rows
  }
  return total
})
