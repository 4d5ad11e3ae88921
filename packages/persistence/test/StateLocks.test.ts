import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { MonitorId } from "@uptime/domain/Ids"
import { Effect } from "effect"
import { Housekeeping } from "../src/Housekeeping.ts"
import { Monitors } from "../src/Monitors.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { Results } from "../src/Results.ts"
import { makeStates } from "../src/StateLocks.ts"
import { backends } from "./Backends.ts"
import {
  databaseNow,
  intervalsOf,
  makeMonitor,
  makeUser,
  result,
  services,
  statusOf,
  unknownMonitorId,
  usa,
} from "./Fixtures.ts"

const minute = 60_000

const rowsOf = (id: MonitorId) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql<{ readonly location: string; readonly status: string }>`
      SELECT location, status FROM monitor_status WHERE monitor_id = ${id} ORDER BY location`,
  )

/** A monitor whose rows were made for a result in USA that never came to be stored. */
const makeUnsaid = Effect.gen(function* () {
  const user = yield* makeUser
  const monitor = yield* makeMonitor(user.id)
  yield* makeStates(yield* SqlClient, [{ monitorId: monitor.id, location: "USA" }])
  return { user, monitor }
})

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(services(database), { excludeTestServices: true, timeout: "60 seconds" })("StateLocks", (it) => {
      it.effect("makes the rows that are missing, of monitors that there are, and leaves the others as they are", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const { monitor } = yield* makeUnsaid
          const slot = (yield* databaseNow) - minute
          yield* (yield* ResultStore).insert([result(monitor.id, slot)])
          const gone = yield* unknownMonitorId
          yield* makeStates(
            sql,
            [monitor.id, gone].flatMap((monitorId) =>
              ["USA", "India", "India"].map((location) => ({ monitorId, location })),
            ),
          )
          assert.deepStrictEqual(yield* rowsOf(monitor.id), [
            { location: "*", status: "Up" },
            { location: "India", status: "Unknown" },
            { location: "USA", status: "Up" },
          ])
          assert.lengthOf(yield* rowsOf(gone), 0)
        }),
      )

      it.effect("shows nobody a row that says nothing yet", () =>
        Effect.gen(function* () {
          const { monitor, user } = yield* makeUnsaid
          const monitors = yield* Monitors
          const housekeeping = yield* Housekeeping
          yield* housekeeping.sweepNoData
          yield* housekeeping.rollUp
          const overview = yield* monitors.get(user.id, monitor.id)
          assert.deepInclude(overview, { status: "Unknown", since: null, locations: [], latest: null })
          assert.lengthOf(yield* monitors.list(user.id, { status: "Unknown" }, 10, null), 1)
          for (const enabled of [false, true]) {
            yield* monitors.update(user.id, [{ id: monitor.id, settings: { enabled } }])
            const { latest, locations, status } = yield* monitors.get(user.id, monitor.id)
            assert.deepStrictEqual({ status, locations, latest }, { status: "Unknown", locations: [], latest: null })
          }
          assert.deepStrictEqual((yield* (yield* Results).stats(user.id, monitor.id, "24h")).locations, [])
          assert.lengthOf(yield* intervalsOf(monitor.id, "USA"), 0)
          assert.deepStrictEqual(
            (yield* intervalsOf(monitor.id, "*")).map(({ state }) => state),
            ["Paused", "Unknown"],
          )
        }),
      )

      it.effect.each(["Up", "Unknown"] as const)("takes a first result that is %s for the first", (status) =>
        Effect.gen(function* () {
          const { monitor, user } = yield* makeUnsaid
          const slot = (yield* databaseNow) - minute
          yield* (yield* ResultStore).insert([result(monitor.id, slot, status)])
          for (const location of ["USA", "*"]) {
            assert.deepInclude((yield* statusOf(monitor.id, location)) ?? {}, { status, since: slot })
            assert.deepStrictEqual(yield* intervalsOf(monitor.id, location), [
              { state: status, startedAt: slot, endedAt: null },
            ])
          }
          const { locations } = yield* (yield* Monitors).get(user.id, monitor.id)
          assert.deepStrictEqual(
            locations.map(({ location, since, status }) => ({ location, since: since.epochMillis, status })),
            [{ location: usa, since: slot, status }],
          )
        }),
      )
    })
  })
}
