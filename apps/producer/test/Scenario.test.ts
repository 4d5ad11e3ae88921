import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import type { MonitorId } from "@uptime/domain/Ids"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Clock, Console, DateTime, Effect } from "effect"
import { india } from "./DrivenWorld.ts"
import { incidentWorld, makeMonitors, makeOwner, receiver, result, settle } from "./IncidentWorld.ts"
import { upSlowDownUp } from "./UpSlowDownUp.ts"

const minute = 60_000

/** A whole minute, so many minutes ago. */
const minutesAgo = (minutes: number) =>
  Effect.map(Clock.currentTimeMillis, (now) => Math.floor(now / minute) * minute - minutes * minute)

/** Effects over everything between a result and a message, on a database of their own. */
const inWorld = <A, E>(effect: Effect.Effect<A, E, Effect.Effect.Context<typeof settle> | ResultStore | SqlClient>) =>
  Effect.flatMap(migratedDatabase, (url) => Effect.provide(effect, incidentWorld(url)))

/** What a monitor as a whole was said to be, and since which minute. */
const statesOf = (id: MonitorId, base: number) =>
  Effect.flatMap(SqlClient, (sql) =>
    Effect.map(
      sql<{ readonly state: string; readonly at: number }>`
        SELECT state, date_part('epoch', started_at) * 1000 AS at FROM state_intervals
        WHERE monitor_id = ${id} AND location = '*' ORDER BY started_at`,
      (rows) => rows.map(({ at, state }) => [Math.round((at - base) / minute), state] as const),
    ),
  )

const countOf = (table: "incidents" | "alert_outbox") =>
  Effect.flatMap(SqlClient, (sql) =>
    Effect.map(sql<{ readonly n: number }>`SELECT count(*)::int AS n FROM ${sql(table)}`, ([row]) => row?.n ?? 0),
  )

/** A line without the response time that was measured, which is never the same. */
const withoutMeasured = (line: string): string => line.replace(/was [\d.]+ms/, "was …")

describe("from a failed check to a message", () => {
  it.scopedLive(
    "a target that is up, slow, down in one region, down in both and up again",
    () =>
      Effect.gen(function* () {
        const { checks, incident, messages, table } = yield* upSlowDownUp
        yield* Console.log(table.join("\n"))
        assert.deepStrictEqual(table.map(withoutMeasured), [
          " 0:00  target    USA           answers 200",
          " 0:00  target    India         answers 200",
          " 0:00  state     USA           Up",
          " 0:00  state     India         Up",
          " 0:00  state     *             Up",
          " 3:00  target    USA           answers 200 after 600 ms",
          " 3:00  target    India         answers 200 after 600 ms",
          ' 3:00  state     USA           Degraded, [RESPONSE_TIME] < 500 failed: [RESPONSE_TIME] was …, "Welcome"',
          ' 3:00  state     India         Degraded, [RESPONSE_TIME] < 500 failed: [RESPONSE_TIME] was …, "Welcome"',
          " 3:00  state     *             Degraded",
          " 3:30  incident  Degraded      shop is degraded",
          " 3:35  message   opened        shop is degraded",
          " 6:00  target    India         answers 503",
          ' 6:00  state     India         Down, status 503, "Closed for repairs"',
          " 6:00  state     *             Partial",
          " 6:30  incident  Partial       shop is down in some regions",
          " 7:00  message   updated       Update: shop is down in some locations",
          " 8:00  target    USA           cuts connections",
          " 8:00  state     USA           Down, connection reset before an answer, at the second try, too",
          " 8:00  state     *             Down",
          " 8:30  incident  Down          shop is down",
          " 9:00  message   updated       Update: shop is down",
          " 9:30  incident  Down          shop is down, acknowledged by Ann",
          " 9:30  message   acknowledged  Acknowledged by Ann: shop is down",
          "10:00  target    USA           answers 200",
          "10:00  target    India         answers 200",
          "10:00  state     USA           Up",
          "10:00  state     India         Up",
          "10:00  state     *             Up",
          "10:30  incident  Down          shop was down, acknowledged by Ann, resolved",
          "10:30  message   resolved      shop is up again after 7 min",
        ])
        assert.strictEqual(new Set(messages.map(({ key }) => key)).size, 5)

        // On its grid a minute apart, and half a minute later where a change was to be confirmed; in both regions each time.
        assert.includeMembers(
          checks.map(({ minute }) => minute),
          [0, 1, 2, 3, 3.5, 4, 5, 6, 6.5, 7, 8, 8.5, 9, 10, 10.5, 11, 12],
        )
        assert.isTrue(checks.every(({ regions }) => regions === "USA, India"))

        assert.strictEqual(DateTime.distance(incident.startedAt, incident.noticedAt), 30_000)
        const [seen] = incident.monitors.map((monitor) => monitor.seen)
        const error = `[RESPONSE_TIME] < 500 failed: [RESPONSE_TIME] was ${seen?.responseTimeMs}ms`
        assert.isAtLeast(seen?.responseTimeMs ?? 0, 590)
        assert.deepInclude(seen, { region: india, httpStatus: 200, error: { kind: "condition", message: error } })
        assert.deepInclude(seen?.evidence, { address: "127.0.0.1", body: "Welcome" })
        assert.deepStrictEqual(incident.updates.map(({ body }) => body).toReversed(), [
          `shop is degraded: ${error} (India)`,
          "worse: shop is down in some regions",
          "worse: shop is down",
          "acknowledged",
          "well again",
        ])
      }),
    60_000,
  )

  it.scopedLive("500 monitors behind one that fail at once are one incident, and one message per channel", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* receiver, yield* receiver]
      yield* inWorld(
        Effect.gen(function* () {
          const store = yield* ResultStore
          const owner = yield* makeOwner(one.url, other.url)
          const [router] = yield* makeMonitors(owner, 1, { name: "router" })
          if (router === undefined) return yield* Effect.dieMessage("no monitor")
          const behind = yield* makeMonitors(owner, 500, { name: "host", parents: [router] })
          const base = yield* minutesAgo(10)
          for (const slot of [0, 1, 2, 3]) {
            const status = slot < 2 ? "Up" : "Down"
            const at = base + slot * minute
            yield* store.insert([...behind, router].map((id) => result(id, "USA", at, status)))
          }
          yield* settle
          const headlines = (hook: typeof one) => hook.received().map(({ headline }) => headline)
          assert.deepStrictEqual([headlines(one), headlines(other)], [["router is down"], ["router is down"]])
          assert.strictEqual(yield* countOf("incidents"), 1)
          for (const slot of [4, 5]) {
            yield* store.insert([...behind, router].map((id) => result(id, "USA", base + slot * minute, "Up")))
          }
          yield* settle
          yield* settle
          assert.deepStrictEqual(headlines(one).slice(1), ["router is up again after 2 min"])
          assert.strictEqual(yield* countOf("incidents"), 1)
        }),
      )
    }),
  )

  it.scopedLive("two regions that disagree for an hour are shown as Partial, and nobody is told", () =>
    Effect.gen(function* () {
      const hook = yield* receiver
      yield* inWorld(
        Effect.gen(function* () {
          const store = yield* ResultStore
          const owner = yield* makeOwner(hook.url)
          const [id] = yield* makeMonitors(owner, 1)
          if (id === undefined) return yield* Effect.dieMessage("no monitor")
          const base = yield* minutesAgo(70)
          for (let slot = 0; slot < 62; slot++) {
            const at = base + slot * minute
            yield* store.insert([result(id, "USA", at, "Up"), result(id, "India", at, slot < 2 ? "Up" : "Down")])
            if (slot % 10 === 0) yield* settle
          }
          yield* settle
          assert.deepStrictEqual(yield* statesOf(id, base), [
            [0, "Up"],
            [2, "Partial"],
          ])
          assert.strictEqual(yield* countOf("incidents"), 0)
          assert.strictEqual(yield* countOf("alert_outbox"), 0)
          assert.deepStrictEqual(hook.received(), [])
        }),
      )
    }),
  )
})
