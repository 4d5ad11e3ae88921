import { SqlClient } from "@effect/sql/SqlClient"
import { assert, layer } from "@effect/vitest"
import { makeOldPartitions } from "@uptime/testing/OldPartitions"
import { Effect, Schema } from "effect"
import { sumsParameters, sumsStatement } from "../src/StatsReads.ts"
import { backends } from "./Backends.ts"
import { databaseNow, makeOwnMonitor, services } from "./Fixtures.ts"

const hour = 3_600_000
const day = 24 * hour
const days = 10
const monitors = 12
const apart = 180_000

/** What a step of a plan did, as `EXPLAIN (ANALYZE, FORMAT JSON)` tells it. */
interface PlanNode {
  readonly "Relation Name"?: string
  readonly "Actual Rows": number
  readonly "Actual Loops": number
  readonly "Rows Removed by Filter"?: number
  readonly Plans?: ReadonlyArray<PlanNode>
}

const PlanNode: Schema.Schema<PlanNode> = Schema.Struct({
  "Relation Name": Schema.optionalWith(Schema.String, { exact: true }),
  "Actual Rows": Schema.Number,
  "Actual Loops": Schema.Number,
  "Rows Removed by Filter": Schema.optionalWith(Schema.Number, { exact: true }),
  Plans: Schema.optionalWith(Schema.Array(Schema.suspend(() => PlanNode)), { exact: true }),
})

const decodePlan = Schema.decodeUnknown(
  Schema.Tuple(Schema.Struct({ "QUERY PLAN": Schema.Tuple(Schema.Struct({ Plan: PlanNode })) })),
)

/** How many single results the steps of a plan looked at. */
const resultsRead = (node: PlanNode): number => {
  const looked = (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"]
  const own = node["Relation Name"]?.startsWith("check_results") ? looked : 0
  return (node.Plans ?? []).reduce((sum, below) => sum + resultsRead(below), own)
}

/** One of a dozen monitors with a result every three minutes, nine days back from `now`, each day in a partition of its own. */
const filledMonitor = Effect.fnUntraced(function* (now: number) {
  const sql = yield* SqlClient
  const { id } = yield* makeOwnMonitor()
  yield* makeOldPartitions(sql, now - (days - 1) * day, now)
  yield* sql`
    INSERT INTO check_results (monitor_id, location, scheduled_at, checked_at, status, response_time_ms)
    SELECT monitor, 'USA', at, at, 'Up', 12.5
    FROM generate_series(1, ${((days - 1) * day) / apart}::int) AS n,
      LATERAL (SELECT to_timestamp((${now}::float8 - n * ${apart}::float8) / 1000) AS at) AS slot,
      (SELECT ${id}::uuid AS monitor UNION ALL SELECT gen_random_uuid() FROM generate_series(2, ${monitors}::int)) AS others`
  yield* sql`VACUUM (ANALYZE)`
  return id
})

for (const [name, database] of backends) {
  layer(services(database), { excludeTestServices: true, timeout: "60 seconds" })(
    `sums of a window (${name})`,
    (it) => {
      it.effect("look at single results at its two ends alone, also where monitors are few", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const now = yield* databaseNow
          const id = yield* filledMonitor(now)
          const hourlyTo = Math.floor(now / hour) * hour - hour
          const parameters = sumsParameters(id, "day", {
            from: now - (days - 2) * day,
            to: now,
            hourlyTo,
            dailyTo: Math.floor(now / day) * day,
          })
          const [{ "QUERY PLAN": plan }] = yield* Effect.flatMap(
            sql.unsafe(`EXPLAIN (ANALYZE, FORMAT JSON) ${sumsStatement}`, parameters),
            decodePlan,
          )
          const read = resultsRead(plan[0].Plan)
          assert.isAtLeast(read, (now - hourlyTo) / apart - 1)
          assert.isAtMost(read, (3 * hour) / apart)
        }),
      )
    },
  )
}
