import { SqlClient } from "@effect/sql/SqlClient"
import { gauge } from "@uptime/runtime/Metrics"
import { supervised } from "@uptime/runtime/Supervised"
import { Clock, Effect, Layer, Metric } from "effect"
import { failAs } from "./SqlFailure.ts"

/** From how much on a difference of clocks is said in the log, in milliseconds. */
export const skewAlarmMs = 2_000

const skew = gauge(
  "uptime_clock_skew_seconds",
  "How far this process's clock is ahead of the database's, by which checks are scheduled; negative when it is behind.",
)

/**
 * Looks once a minute how far this machine's clock is from the database's, which is the one that schedules: by a clock that
 * is ahead jobs are past their deadline before they are read, and all results are `Unknown`. A difference of more than two
 * seconds is a line in the log each time; smaller ones are in `uptime_clock_skew_seconds` alone.
 */
export const layer: Layer.Layer<never, never, SqlClient> = Layer.scopedDiscard(
  Effect.flatMap(SqlClient, (sql) => supervised("clock skew", look(sql), { every: "1 minute" })),
)

const look = Effect.fnUntraced(function* (sql: SqlClient) {
  const asked = yield* Clock.currentTimeMillis
  const [row] = yield* sql<{ readonly now: number }>`
    SELECT date_part('epoch', clock_timestamp()) * 1000 AS now`.pipe(failAs("ClockSkew.look"))
  const answered = yield* Clock.currentTimeMillis
  if (row === undefined) return
  // The database looked at its clock at some time in between.
  const aheadMs = row.now < asked ? asked - row.now : row.now > answered ? answered - row.now : 0
  yield* Metric.set(skew, aheadMs / 1000)
  if (Math.abs(aheadMs) <= skewAlarmMs) return
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1)
  yield* Effect.logWarning(
    `this machine's clock is ${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} the database's: set one of them right`,
  )
})
