import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { Maintenances } from "../src/Maintenances.ts"
import { PageOutbox } from "../src/PageOutbox.ts"
import { PageSubscribers } from "../src/PageSubscribers.ts"
import { PublicPages } from "../src/PublicPages.ts"
import { StatusPages } from "../src/StatusPages.ts"
import { backends } from "./Backends.ts"
import { databaseNow, makeMonitor, makeUser, services } from "./Fixtures.ts"
import { pageSettings } from "./StatusPageFixtures.ts"

const hour = 3_600_000
const ada = "ada@example.com"

/** A page with one subscriber, a way to plan a maintenance so many hours from now, and what the subscriber is told. */
const world = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`DELETE FROM status_pages`
  const user = yield* makeUser
  const monitor = yield* makeMonitor(user.id)
  const page = yield* (yield* StatusPages).create(user.id, pageSettings([monitor.id]))
  const subscribers = yield* PageSubscribers
  const asked = yield* subscribers.ask(page.id, "email", ada, null)
  yield* subscribers.confirm(page.id, asked?.token ?? "")
  const maintenances = yield* Maintenances
  const now = yield* databaseNow
  const single = (hours: number) => ({
    kind: "single" as const,
    from: DateTime.unsafeMake(now + hours * hour),
    to: DateTime.unsafeMake(now + (hours + 2) * hour),
  })
  const plan = (hours: number, isPublic: boolean) =>
    maintenances.create(user.id, {
      title: "New storage",
      description: "The shop is read-only.",
      plan: single(hours),
      monitorIds: [monitor.id],
      tags: [],
      groups: [],
      isPublic,
    })
  const move = (id: Parameters<typeof maintenances.update>[1], hours: number) =>
    maintenances.update(user.id, id, { plan: single(hours) })
  const { build } = yield* PublicPages
  const outbox = yield* PageOutbox
  const told = Effect.gen(function* () {
    yield* maintenances.apply
    yield* build(page.id)
    const hours: Array<number | string> = []
    for (let messages = yield* outbox.lease(10); messages.length > 0; messages = yield* outbox.lease(10)) {
      for (const { address, id, notice } of messages) {
        assert.strictEqual(address, ada)
        if (!("maintenance" in notice)) return yield* Effect.dieMessage(`told of ${notice.change}`)
        assert.deepInclude(notice.maintenance, { title: "New storage", description: "The shop is read-only." })
        assert.deepStrictEqual(notice.names, [monitor.name])
        const begins = Math.round((notice.maintenance.startsAt - now) / hour)
        hours.push(notice.change === "cancelled" ? `cancelled ${begins}` : begins)
        yield* outbox.sent(id)
      }
    }
    return hours
  })
  const { remove, end } = maintenances
  return { build: build(page.id), end, move, page, plan, remove, sql, subscribers, told, user }
})

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(
      Layer.provideMerge(
        Layer.mergeAll(
          StatusPages.layer,
          PublicPages.layer,
          PageSubscribers.layer,
          PageOutbox.layer,
          Maintenances.layer,
        ),
        services(database),
      ),
      { excludeTestServices: true, timeout: "60 seconds" },
    )("what subscribers are told of maintenances", (it) => {
      it.effect("is each published window once, from 72 hours before it on, and its new time where it is moved", () =>
        Effect.gen(function* () {
          const { move, plan, told } = yield* world
          const { id } = yield* plan(48, true)
          assert.deepStrictEqual(yield* told, [48])
          assert.deepStrictEqual(yield* told, [])
          yield* move(id, 60)
          assert.deepStrictEqual(yield* told, [60])
          yield* move(id, 100)
          assert.deepStrictEqual(yield* told, ["cancelled 60"])
          assert.deepStrictEqual(yield* told, [])
          yield* move(id, 60)
          assert.deepStrictEqual(yield* told, [60])
          yield* move(id, 48)
          assert.deepStrictEqual(yield* told, [48])
          assert.deepStrictEqual(yield* told, [])
        }),
      )

      it.effect("is nothing of those that are private, too far ahead, or long begun", () =>
        Effect.gen(function* () {
          const { move, plan, told } = yield* world
          yield* plan(24, false)
          const { id } = yield* plan(80, true)
          assert.deepStrictEqual(yield* told, [])
          yield* move(id, -1)
          assert.deepStrictEqual(yield* told, [-1])
          yield* move(id, -25)
          assert.deepStrictEqual(yield* told, [])
        }),
      )

      it.effect("is once that it is cancelled, where it was deleted or has no such window any more", () =>
        Effect.gen(function* () {
          const { build, plan, remove, told, user } = yield* world
          const { id } = yield* plan(48, true)
          assert.deepStrictEqual(yield* told, [48])
          yield* remove(user.id, id)
          yield* Effect.all([build, build, build], { concurrency: "unbounded" })
          assert.deepStrictEqual(yield* told, ["cancelled 48"])
          assert.deepStrictEqual(yield* told, [])
        }),
      )

      it.effect("is not that it is cancelled, to who was not told of it, nor once it began", () =>
        Effect.gen(function* () {
          const { build, end, move, page, plan, remove, sql, subscribers, told, user } = yield* world
          const unsent = yield* plan(30, true)
          yield* build
          yield* remove(user.id, unsent.id)
          assert.deepStrictEqual(yield* told, [])

          const late = yield* plan(48, true)
          assert.deepStrictEqual(yield* told, [48])
          yield* sql`DELETE FROM page_subscribers`
          const asked = yield* subscribers.ask(page.id, "email", ada, null)
          yield* subscribers.confirm(page.id, asked?.token ?? "")
          yield* remove(user.id, late.id)
          assert.deepStrictEqual(yield* told, [])

          const begun = yield* plan(20, true)
          assert.deepStrictEqual(yield* told, [20])
          yield* move(begun.id, -1)
          assert.deepStrictEqual(yield* told, [-1])
          yield* end(user.id, begun.id)
          assert.deepStrictEqual(yield* told, [])
          yield* remove(user.id, begun.id)
          assert.deepStrictEqual(yield* told, [])
        }),
      )
    })
  })
}
