import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { type DomainClaim, PageDomains } from "../src/PageDomains.ts"
import { PublicPages } from "../src/PublicPages.ts"
import { StatusPages } from "../src/StatusPages.ts"
import { backends } from "./Backends.ts"
import { makeUser, services } from "./Fixtures.ts"
import { pageSettings } from "./StatusPageFixtures.ts"

const world = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`DELETE FROM status_pages`
  const pages = yield* StatusPages
  const domains = yield* PageDomains
  const { build, find } = yield* PublicPages
  const host = `${randomUUID()}.example.com`
  const pageOf = Effect.gen(function* () {
    const user = yield* makeUser
    const page = yield* pages.create(user.id, pageSettings([], { domain: host }))
    const state = Effect.map(pages.get(user.id, page.id), ({ domainProof }) => domainProof?.state)
    return { user, page, state }
  })
  const served = Effect.map(find({ domain: host }, null), (found) => found !== null)
  /** Lets time go by: what was asked for, looked up and seen is longer ago. */
  const later = (interval: string) => sql`
    UPDATE status_pages SET domain_asked_at = domain_asked_at - ${interval}::interval,
      domain_checked_at = domain_checked_at - ${interval}::interval, domain_proven_at = domain_proven_at - ${interval}::interval`
  return { sql, pages, domains, build, host, pageOf, served, later }
})

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(
      Layer.provideMerge(Layer.mergeAll(StatusPages.layer, PublicPages.layer, PageDomains.layer), services(database)),
      { excludeTestServices: true, timeout: "60 seconds" },
    )("host names of pages", (it) => {
      it.effect("are served once they are proven, until their record has been away for a week", () =>
        Effect.gen(function* () {
          const { build, domains, host, later, pageOf, served } = yield* world
          const { page, state } = yield* pageOf
          yield* build(page.id)
          assert.isFalse(yield* served)
          const [claim] = yield* domains.take(10)
          assert.deepInclude(claim, { host, pageId: page.id })
          assert.lengthOf(yield* domains.take(10), 0)
          if (claim === undefined) return
          yield* domains.missing(claim)
          assert.strictEqual(yield* state, "pending")
          yield* domains.proven({ ...claim, token: "another" })
          assert.strictEqual(yield* state, "pending")
          yield* domains.proven(claim)
          assert.strictEqual(yield* state, "proven")
          assert.isTrue(yield* served)
          assert.lengthOf(yield* domains.take(10), 0)
          yield* later("2 days")
          assert.lengthOf(yield* domains.take(10), 1)
          yield* domains.missing(claim)
          assert.isTrue(yield* served)
          yield* later("6 days")
          yield* domains.missing(claim)
          assert.isFalse(yield* served)
          assert.strictEqual(yield* state, "pending")
        }),
      )

      it.effect("are looked up ever more rarely, and not for ever, unless their owner asks", () =>
        Effect.gen(function* () {
          const { domains, later, pageOf } = yield* world
          const { page, state, user } = yield* pageOf
          const takes = (interval: string) =>
            Effect.zipRight(
              later(interval),
              Effect.map(domains.take(10), ({ length }) => length),
            )
          assert.strictEqual(yield* takes("0"), 1)
          assert.strictEqual(yield* takes("30 seconds"), 0)
          assert.strictEqual(yield* takes("31 seconds"), 1)
          yield* takes("5 hours")
          assert.strictEqual(yield* takes("10 minutes"), 0)
          assert.strictEqual(yield* takes("30 minutes"), 1)
          assert.strictEqual(yield* takes("8 days"), 0)
          assert.strictEqual(yield* state, "expired")
          assert.strictEqual((yield* domains.takeOf(user.id, page.id))?.pageId, page.id)
          assert.strictEqual(yield* state, "pending")
        }),
      )

      it.effect("belong to the page that proves them first, and keep nobody else from trying", () =>
        Effect.gen(function* () {
          const { domains, host, pageOf, pages } = yield* world
          const [squatter, owner] = [yield* pageOf, yield* pageOf]
          const claims = new Map<string, DomainClaim>((yield* domains.take(10)).map((claim) => [claim.pageId, claim]))
          const claimOf = (id: string) => claims.get(id) ?? { pageId: owner.page.id, host, token: "" }
          yield* domains.proven(claimOf(owner.page.id))
          yield* domains.proven(claimOf(squatter.page.id))
          assert.strictEqual(yield* owner.state, "proven")
          assert.strictEqual(yield* squatter.state, "pending")
          const late = yield* makeUser
          const error = yield* Effect.flip(pages.create(late.id, pageSettings([], { domain: host })))
          assert.deepInclude(error, { _tag: "PageAddressTaken", field: "domain" })
        }),
      )

      it.effect("are asked for anew with another name, and stay proven with any other edit", () =>
        Effect.gen(function* () {
          const { domains, host, pageOf, pages } = yield* world
          const { page, state, user } = yield* pageOf
          const [claim] = yield* domains.take(10)
          if (claim !== undefined) yield* domains.proven(claim)
          yield* pages.update(user.id, page.id, (before) => Effect.succeed({ ...before, title: "Other" }))
          assert.strictEqual(yield* state, "proven")
          yield* pages.update(user.id, page.id, (before) => Effect.succeed({ ...before, domain: `other.${host}` }))
          assert.strictEqual(yield* state, "pending")
          const [other] = yield* domains.take(10)
          assert.notStrictEqual(other?.token, claim?.token)
          yield* pages.update(user.id, page.id, (before) => Effect.succeed({ ...before, domain: null }))
          assert.isUndefined(yield* state)
          assert.isNull(yield* domains.takeOf(user.id, page.id))
          const stranger = yield* makeUser
          const error = yield* Effect.flip(domains.takeOf(stranger.id, page.id))
          assert.deepInclude(error, { _tag: "StatusPageNotFound" })
        }),
      )
    })
  })
}
