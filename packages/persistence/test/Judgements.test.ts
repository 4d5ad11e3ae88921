import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import { defaultConfirmation } from "@uptime/domain/MonitorDefaults"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { Effect, Layer } from "effect"
import { readJudgedMonitors } from "../src/JudgedMonitors.ts"
import { Judgements } from "../src/Judgements.ts"
import { Monitors } from "../src/Monitors.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { backends } from "./Backends.ts"
import {
  believeAtOnce,
  databaseNow,
  intervalsOf,
  makeMonitor,
  makeUser,
  result,
  services,
  settings,
  statusOf,
} from "./Fixtures.ts"
import { arrange, incidentsOf, judgeAll, letTimePass, makeChannel } from "./IncidentFixtures.ts"

const minute = 60_000

for (const [name, database] of backends) {
  const all = Layer.provideMerge(Judgements.layer, services(database))
  describe.sequential(name, () => {
    layer(all, { excludeTestServices: true, timeout: "60 seconds" })("the judge", (it) => {
      it.effect("opens an incident with what was seen, tells it once after the hold, and tells that it is over", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const user = yield* makeUser
          yield* makeChannel(user.id)
          const monitor = yield* makeMonitor(user.id, { name: "web" })
          const store = yield* ResultStore
          const base = (yield* databaseNow) - 10 * minute
          yield* store.insert([result(monitor.id, base)])
          yield* store.insert([result(monitor.id, base + minute, "Down")])
          assert.deepInclude(yield* judgeAll, { changes: 2, opened: 1, told: 0 })
          const [open] = yield* incidentsOf(user.id)
          assert.deepInclude(open ?? {}, {
            title: "web is down",
            severity: "Down",
            isOver: false,
            startedAt: base + minute,
            failing: 1,
            told: [],
            log: ["opened: web is down: no answer (USA)"],
          })
          const [part] = yield* sql<{ readonly slot: number; readonly name: string; readonly url: string }>`
            SELECT name, url, (evidence->>'slot')::float8 AS slot FROM incident_monitors WHERE monitor_id = ${monitor.id}`
          assert.deepStrictEqual(part, { name: "web", url: monitor.url, slot: base + minute })

          yield* letTimePass(user.id, 5_000)
          assert.deepInclude(yield* judgeAll, { changes: 0, told: 1 })
          assert.deepInclude(yield* judgeAll, { goes: 0 })
          assert.deepStrictEqual((yield* incidentsOf(user.id))[0]?.told, ["opened"])

          yield* store.insert([result(monitor.id, base + 3 * minute)])
          assert.deepInclude(yield* judgeAll, { changes: 1, resolved: 1, told: 1 })
          const [over] = yield* incidentsOf(user.id)
          assert.deepInclude(over ?? {}, {
            title: "web was down",
            isOver: true,
            endedAt: base + 3 * minute,
            told: ["opened", "resolved"],
            log: ["opened: web is down: no answer (USA)", "resolved: well again"],
          })
        }),
      )

      it.effect("tells nothing of what is over before the hold is", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          yield* makeChannel(user.id)
          const monitor = yield* makeMonitor(user.id)
          const store = yield* ResultStore
          const base = (yield* databaseNow) - 10 * minute
          yield* store.insert([result(monitor.id, base, "Down")])
          yield* judgeAll
          yield* store.insert([result(monitor.id, base + minute)])
          yield* judgeAll
          yield* letTimePass(user.id, 60_000)
          yield* judgeAll
          assert.deepStrictEqual(
            (yield* incidentsOf(user.id)).map(({ isOver, told }) => ({ isOver, told })),
            [{ isOver: true, told: [] }],
          )
        }),
      )

      it.effect(
        "sees a monitor confirmed at its own interval, where that is shorter than its wait for the next try",
        () =>
          Effect.gen(function* () {
            const sql = yield* SqlClient
            const user = yield* makeUser
            const paceOf = (intervalSeconds: number, retrySeconds: number) =>
              Effect.gen(function* () {
                const confirmation = { ...defaultConfirmation, retrySeconds }
                const { id } = yield* makeMonitor(user.id, { intervalSeconds, confirmation })
                return (yield* readJudgedMonitors(sql, user.id, [id], 0)).get(id)?.pace?.retrySeconds
              })
            assert.deepStrictEqual([yield* paceOf(20, 60), yield* paceOf(60, 20)], [20, 20])
          }),
      )

      it.effect(
        "judges 500 monitors behind one that is down as one incident, quickly, and gives them back their voice",
        () =>
          Effect.gen(function* () {
            const user = yield* makeUser
            yield* makeChannel(user.id)
            yield* makeChannel(user.id)
            const router = yield* makeMonitor(user.id, { name: "router" })
            const monitors = yield* Monitors
            const made = yield* monitors.create(
              user.id,
              Array.from({ length: 500 }, (_, n) =>
                settings({ name: `m${n}`, url: MonitorUrl.to.make(`https://m${n}.example.com/`) }),
              ),
            )
            const ids = made.map(({ monitor }) => monitor.id)
            yield* believeAtOnce(ids)
            yield* arrange(ids, { parents: [router.id] })
            const store = yield* ResultStore
            const base = (yield* databaseNow) - 10 * minute
            yield* store.insert([...ids, router.id].map((id) => result(id, base)))
            yield* judgeAll
            // The children are found to be down first, and nobody hears of them for that.
            yield* store.insert(ids.map((id) => result(id, base + minute, "Down")))
            yield* judgeAll
            yield* store.insert([result(router.id, base + minute, "Down")])
            const began = yield* databaseNow
            yield* judgeAll
            const took = (yield* databaseNow) - began
            yield* letTimePass(user.id, 60_000)
            yield* judgeAll
            const incidents = yield* incidentsOf(user.id)
            assert.deepStrictEqual(
              incidents.map(({ failing, title, told, unreachable }) => ({ failing, title, told, unreachable })),
              [
                {
                  failing: 1,
                  title: "router is down, 500 monitors behind it unreachable",
                  told: ["opened", "opened"],
                  unreachable: 500,
                },
              ],
            )
            assert.isBelow(took, 3_000)

            const [child = router.id] = ids
            assert.deepStrictEqual(
              (yield* intervalsOf(child, "*")).map(({ startedAt, state }) => [state, startedAt - base]),
              [
                ["Up", 0],
                ["Unreachable", minute],
              ],
            )
            yield* store.insert([result(router.id, base + 2 * minute)])
            yield* judgeAll
            assert.deepInclude((yield* incidentsOf(user.id))[0] ?? {}, {
              isOver: true,
              told: ["opened", "opened", "resolved", "resolved"],
            })
            assert.strictEqual((yield* statusOf(child, "*"))?.status, "Unknown")
          }),
      )

      it.effect("judges every change once, whoever is at it, and lets no owner wait for another's thousands", () =>
        Effect.gen(function* () {
          const monitors = yield* Monitors
          const store = yield* ResultStore
          const base = (yield* databaseNow) - 10 * minute
          const many = yield* makeUser
          const made = yield* monitors.create(
            many.id,
            Array.from({ length: 1_200 }, (_, n) =>
              settings({ url: MonitorUrl.to.make(`https://m${n}.example.com/`) }),
            ),
          )
          yield* believeAtOnce(made.map(({ monitor }) => monitor.id))
          for (const from of [0, 600]) {
            yield* store.insert(made.slice(from, from + 600).map(({ monitor }) => result(monitor.id, base)))
            yield* store.insert(made.slice(from, from + 600).map(({ monitor }) => result(monitor.id, base + 1, "Down")))
          }
          const others = yield* Effect.forEach(Array.from({ length: 5 }), () =>
            Effect.gen(function* () {
              const user = yield* makeUser
              const monitor = yield* makeMonitor(user.id)
              yield* store.insert([result(monitor.id, base, "Down")])
              return user
            }),
          )
          const { judgeNext } = yield* Judgements
          const first = yield* judgeNext
          assert.strictEqual(first?.changes, 1_000)
          for (const _ of others) assert.strictEqual((yield* judgeNext)?.changes, 1)
          const rest = yield* Effect.all([judgeAll, judgeAll, judgeAll], { concurrency: "unbounded" })
          assert.strictEqual(
            rest.reduce((sum, { changes }) => sum + changes, 0),
            1_400,
          )
          assert.strictEqual((yield* incidentsOf(many.id)).length, 1_200)
        }),
      )
    })
  })
}
