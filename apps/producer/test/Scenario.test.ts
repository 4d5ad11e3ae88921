import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId } from "@uptime/domain/Ids"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Clock, Console, Effect } from "effect"
import { incidentWorld, makeMonitors, makeOwner, receiver, result, settle } from "./IncidentWorld.ts"

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

/** The timelines of all incidents. */
const logs = Effect.flatMap(SqlClient, (sql) =>
  Effect.map(
    sql<{ readonly kind: string; readonly body: string }>`SELECT kind, body FROM incident_updates ORDER BY at, id`,
    (rows) => rows.map(({ body, kind }) => `${kind}: ${body}`),
  ),
)

const countOf = (table: "incidents" | "alert_outbox") =>
  Effect.flatMap(SqlClient, (sql) =>
    Effect.map(sql<{ readonly n: number }>`SELECT count(*)::int AS n FROM ${sql(table)}`, ([row]) => row?.n ?? 0),
  )

describe("from a failed check to a message", () => {
  it.scopedLive("a target that is up, slow, down in one region, down in both and up again", () =>
    Effect.gen(function* () {
      const hook = yield* receiver
      yield* inWorld(
        Effect.gen(function* () {
          const store = yield* ResultStore
          const owner = yield* makeOwner(hook.url)
          const [id] = yield* makeMonitors(owner, 1, { name: "shop", on: ["Down", "Partial", "Degraded"] })
          if (id === undefined) return yield* Effect.dieMessage("no monitor")
          const base = yield* minutesAgo(60)
          /** Three minutes of a check a minute in each region, and what is told of them. */
          const phase = (at: number, usa: CheckStatus, india: CheckStatus) =>
            Effect.gen(function* () {
              for (const slot of [at, at + 1, at + 2]) {
                yield* store.insert([result(id, "USA", base + slot * minute, usa)])
                yield* store.insert([result(id, "India", base + slot * minute + 10_000, india)])
              }
              yield* settle
            })
          yield* phase(0, "Up", "Up")
          yield* phase(3, "Degraded", "Degraded")
          yield* phase(6, "Down", "Degraded")
          yield* phase(9, "Down", "Down")
          yield* phase(12, "Up", "Up")

          const states = yield* statesOf(id, base)
          const log = yield* logs
          const messages = hook.received().map(({ headline, type }) => `${type}: ${headline}`)
          yield* Console.log(
            [
              "states",
              ...states.map(([at, state]) => `  minute ${String(at).padStart(2)}  ${state}`),
              "incident",
              ...log.map((line) => `  ${line}`),
              "messages",
              ...messages.map((line) => `  ${line}`),
            ].join("\n"),
          )
          assert.deepStrictEqual(states, [
            [0, "Up"],
            [3, "Degraded"],
            [6, "Partial"],
            [9, "Down"],
            [12, "Up"],
          ])
          assert.deepStrictEqual(log, [
            "opened: shop is degraded: [RESPONSE_TIME] < 300 does not hold: it was 812 (India)",
            "grown: worse: shop is down in some regions",
            "grown: worse: shop is down",
            "resolved: well again",
          ])
          assert.deepStrictEqual(messages, [
            "incident.opened: shop is degraded",
            "incident.updated: Update: shop is down in some locations",
            "incident.updated: Update: shop is down",
            "incident.resolved: shop is up again after 9 min",
          ])
          assert.strictEqual(new Set(hook.received().map(({ key }) => key)).size, 4)
          yield* settle
          assert.strictEqual(hook.received().length, 4)
        }),
      )
    }),
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
