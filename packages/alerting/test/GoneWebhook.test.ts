import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Mailer } from "@uptime/alerting/Mailer"
import { SubscriberDispatcher } from "@uptime/alerting/SubscriberDispatcher"
import { SubscriberHttp } from "@uptime/alerting/SubscriberHttp"
import { UserId } from "@uptime/domain/Ids"
import { PageOutbox } from "@uptime/persistence/PageOutbox"
import { PageSubscribers } from "@uptime/persistence/PageSubscribers"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { PublicPages } from "@uptime/persistence/PublicPages"
import { StatusPages } from "@uptime/persistence/StatusPages"
import { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Effect, Either, Layer, Redacted } from "effect"
import { updated } from "./PageMessages.ts"
import { receiver, reroutedTo } from "./Receiver.ts"

const address = "https://hooks.example.com/in"
const sealed = { sealed: "whsec_c2VjcmV0" }

/** A page of an account of its own. */
const makePage = Effect.gen(function* () {
  const sql = yield* SqlClient
  const owner = UserId.make(randomUUID())
  yield* sql`
    INSERT INTO users (id, email, name, password_hash, created_at, updated_at)
    VALUES (${owner}, 'ann@example.com', 'Ann', '-', now(), now())`
  const page = yield* (yield* StatusPages).create(owner, {
    slug: "acme",
    domain: null,
    title: "Acme",
    description: "",
    language: "en",
    timeZone: "UTC",
    accent: "#2563eb",
    customCss: "",
    visibility: "public",
    passwordHash: null,
    allowedRanges: [],
    noindex: false,
    showsResponse: true,
    showsRegions: false,
    sections: [],
  })
  yield* (yield* PublicPages).build(page.id)
  return { owner, id: page.id }
})

/** Something that a page has to tell everybody who is told by it. */
const tell = (pageId: string) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`
      WITH noticed AS (
        INSERT INTO page_notices (page_id, subject_id, change, notice, at)
        VALUES (${pageId}, gen_random_uuid(), 'opened', ${JSON.stringify(updated)}, now()) RETURNING id
      )
      INSERT INTO page_outbox (notice_id, subscriber_id)
      SELECT noticed.id, subscriber.id FROM noticed, page_subscribers AS subscriber WHERE page_id = ${pageId}`,
  )

describe("a webhook that is gone", () => {
  it.scopedLive("is told nothing more once it answered 410, until somebody asks for it again", () =>
    Effect.gen(function* () {
      const url = Redacted.make(yield* migratedDatabase)
      const hook = yield* receiver
      const stores = Layer.mergeAll(StatusPages.layer, PublicPages.layer, PageSubscribers.layer, PageOutbox.layer).pipe(
        Layer.provideMerge(PostgresSql.layer({ url, applicationName: "test", maxConnections: 4 })),
      )
      const dispatcher = SubscriberDispatcher.layer({ publicUrl: "https://uptime.example" }).pipe(
        Layer.provide([
          Layer.mock(Mailer, { hasServer: false }),
          Layer.mock(SecretBox, { unseal: ({ sealed: text }) => Either.right(text) }),
          Layer.effect(SubscriberHttp, GuardedHttp).pipe(Layer.provide(reroutedTo(hook))),
        ]),
      )
      yield* Effect.gen(function* () {
        const page = yield* makePage
        const subscribers = yield* PageSubscribers
        const listed = subscribers.list(page.owner, page.id, 10, null)
        const first = (yield* subscribers.ask(page.id, "webhook", address, sealed))?.token ?? ""
        yield* subscribers.confirm(page.id, first)
        yield* tell(page.id)
        yield* tell(page.id)
        yield* tell(page.id)
        const { dispatch } = yield* SubscriberDispatcher
        hook.answers({ status: 410 })
        assert.strictEqual(yield* dispatch, 1)
        hook.answers({ status: 200 })
        yield* tell(page.id)
        assert.strictEqual(yield* dispatch, 0)
        assert.lengthOf(hook.received(), 1)
        const [gone] = yield* listed
        assert.isNotNull(gone?.goneAt ?? null)

        // The link that confirmed it does not bring it back.
        assert.isFalse(yield* subscribers.isKnown(page.id, first))
        assert.isFalse(yield* subscribers.confirm(page.id, first))
        const again = yield* subscribers.ask(page.id, "webhook", address, sealed)
        assert.deepInclude(again, { isConfirmed: false })
        yield* tell(page.id)
        yield* subscribers.confirm(page.id, again?.token ?? "")
        assert.isNull((yield* listed)[0]?.goneAt ?? null)
        assert.strictEqual(yield* dispatch, 1)
        assert.lengthOf(hook.received(), 2)
      }).pipe(Effect.provide(Layer.provideMerge(dispatcher, stores)))
    }),
  )
})
