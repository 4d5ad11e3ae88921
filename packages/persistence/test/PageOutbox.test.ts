import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { Effect, Layer } from "effect"
import { PageOutbox } from "../src/PageOutbox.ts"
import { PageSubscribers } from "../src/PageSubscribers.ts"
import { PublicPages } from "../src/PublicPages.ts"
import { StatusPages } from "../src/StatusPages.ts"
import { backends } from "./Backends.ts"
import { makeMonitor, makeUser, services } from "./Fixtures.ts"
import { pageSettings } from "./StatusPageFixtures.ts"

const incidentOf = (userId: UserId, monitorId: MonitorId) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const id = randomUUID()
    yield* sql`
      INSERT INTO incidents (id, user_id, key, title, severity, started_at, noticed_at, tell_at, is_public, updated_at)
      VALUES (${id}, ${userId}, ${id}, 'secret', 'Down', now() - interval '1 hour', now(), now(), true, now())`
    yield* sql`
      INSERT INTO incident_monitors (incident_id, monitor_id, name, url, role, severity, started_at, news_at)
      VALUES (${id}, ${monitorId}, 'secret', 'https://secret.example/', 'failing', 'Down', now(), now())`
    return id
  })

const sayOf = (incidentId: string, body: string) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`
      INSERT INTO incident_updates (id, incident_id, at, kind, author, body, is_public)
      VALUES (${randomUUID()}, ${incidentId}, now(), 'update', 'secret', ${body}, true)`,
  )

const world = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`DELETE FROM status_pages`
  const user = yield* makeUser
  const monitor = yield* makeMonitor(user.id)
  const page = yield* (yield* StatusPages).create(user.id, pageSettings([monitor.id]))
  const subscribers = yield* PageSubscribers
  const subscribe = (address: string) =>
    Effect.gen(function* () {
      const asked = yield* subscribers.ask(page.id, "email", address, null)
      assert.isTrue(yield* subscribers.confirm(page.id, asked?.token ?? ""))
      return asked?.token ?? ""
    })
  const { build } = yield* PublicPages
  return { sql, user, monitor, page, subscribers, subscribe, build: build(page.id) }
})

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(
      Layer.provideMerge(
        Layer.mergeAll(StatusPages.layer, PublicPages.layer, PageSubscribers.layer, PageOutbox.layer),
        services(database),
      ),
      { excludeTestServices: true, timeout: "60 seconds" },
    )("what subscribers are told", (it) => {
      it.effect("is told once to everybody who subscribed by then, in order, however often the page is built", () =>
        Effect.gen(function* () {
          const { build, monitor, page, sql, subscribe, subscribers, user } = yield* world
          const { lease, sent } = yield* PageOutbox
          yield* subscribe("ada@example.com")
          yield* subscribers.ask(page.id, "email", "unconfirmed@example.com", null)
          const incident = yield* incidentOf(user.id, monitor.id)
          yield* Effect.all([build, build, build], { concurrency: "unbounded" })
          yield* sayOf(incident, "We are at it")
          yield* build
          yield* subscribe("late@example.com")
          yield* sql`UPDATE incidents SET resolved_at = now() WHERE id = ${incident}`
          yield* build
          yield* build
          const told: Array<string> = []
          for (let messages = yield* lease(10); messages.length > 0; messages = yield* lease(10)) {
            for (const { address, id, notice } of messages) {
              assert.notInclude(JSON.stringify(notice), "secret")
              told.push(`${address} ${notice.change}`)
              yield* sent(id)
            }
          }
          assert.deepStrictEqual(
            told.filter((line) => line.startsWith("ada")),
            ["ada@example.com opened", "ada@example.com updated", "ada@example.com resolved"],
          )
          assert.deepStrictEqual(
            told.filter((line) => !line.startsWith("ada")),
            ["late@example.com resolved"],
          )
        }),
      )

      it.effect("is leased to one at a time, tried again, and given up after a day", () =>
        Effect.gen(function* () {
          const { build, monitor, sql, subscribe, user } = yield* world
          const { failed, lease } = yield* PageOutbox
          yield* subscribe("ada@example.com")
          yield* incidentOf(user.id, monitor.id)
          yield* build
          const [message] = yield* lease(10)
          assert.deepInclude(message, { address: "ada@example.com", attempts: 0 })
          assert.lengthOf(yield* lease(10), 0)
          assert.strictEqual(yield* failed(message?.id ?? 0, "no answer", 0), "pending")
          assert.deepInclude((yield* lease(10))[0], { attempts: 1 })
          yield* sql`UPDATE page_outbox SET due_at = due_at - interval '25 hours'`
          assert.strictEqual(yield* failed(message?.id ?? 0, "no answer", 1_000), "dead")
          yield* sql`UPDATE page_outbox SET leased_until = NULL, next_attempt_at = now()`
          assert.lengthOf(yield* lease(10), 0)
        }),
      )

      it.effect("is nothing to a webhook that is gone, what waits for it included, and goes on to all others", () =>
        Effect.gen(function* () {
          const { build, monitor, page, subscribe, subscribers, user } = yield* world
          const { gone, lease } = yield* PageOutbox
          const asked = yield* subscribers.ask(page.id, "webhook", "https://hooks.example.com/in", { sealed: "x" })
          yield* subscribers.confirm(page.id, asked?.token ?? "")
          const incident = yield* incidentOf(user.id, monitor.id)
          yield* build
          yield* sayOf(incident, "We are at it")
          yield* build
          const [message] = yield* lease(10)
          yield* gone(message?.id ?? 0)
          yield* subscribe("ada@example.com")
          yield* incidentOf(user.id, monitor.id)
          yield* build
          assert.deepStrictEqual(
            (yield* lease(10)).map(({ address }) => address),
            ["ada@example.com"],
          )
          const listed = yield* subscribers.list(user.id, page.id, 10, null)
          assert.deepStrictEqual(listed.map(({ goneAt, kind }) => [kind, goneAt !== null]).toSorted(), [
            ["email", false],
            ["webhook", true],
          ])
        }),
      )

      it.effect("is not sent to who unsubscribed, and not of what is no news any more", () =>
        Effect.gen(function* () {
          const { build, monitor, page, sql, subscribe, subscribers, user } = yield* world
          const { forgetOld, lease } = yield* PageOutbox
          const token = yield* subscribe("ada@example.com")
          const old = yield* incidentOf(user.id, monitor.id)
          yield* sql`UPDATE incidents SET started_at = now() - interval '3 days' WHERE id = ${old}`
          yield* build
          assert.lengthOf(yield* lease(10), 0)
          yield* incidentOf(user.id, monitor.id)
          yield* build
          yield* subscribers.end(page.id, token)
          assert.lengthOf(yield* lease(10), 0)
          yield* sql`UPDATE page_notices SET at = at - interval '31 days'`
          assert.isAtLeast(yield* forgetOld, 1)
          yield* subscribers.ask(page.id, "email", "never@example.com", null)
          yield* sql`UPDATE page_subscribers SET created_at = created_at - interval '4 days'`
          assert.strictEqual(yield* subscribers.forgetOver, 1)
        }),
      )
    })
  })
}
