import { assert, describe, it } from "@effect/vitest"
import { MonitorId } from "@uptime/domain/Ids"
import { type Evidence, maxEvidenceBody, type Phases } from "@uptime/domain/Result"
import { Judgements } from "@uptime/persistence/Judgements"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { Clock, Effect } from "effect"
import { insertIncident } from "./Incidents.ts"
import { loggedIn, walk } from "./LoggedIn.ts"
import { newResult } from "./NewResults.ts"

const titlesOf = (items: ReadonlyArray<unknown>) => items.map((item) => Object(item).title)

describe("incidents", () => {
  it.scopedLive("are acknowledged, commented on, resolved once and written up, under the name of who did it", () =>
    Effect.gen(function* () {
      const { person, send, stores } = yield* loggedIn()
      const id = yield* Effect.provide(insertIncident(person.id, "web is down"), stores)
      const path = `/api/incidents/${id}`
      assert.deepInclude((yield* send(`GET ${path}`)).body, {
        id,
        title: "web is down",
        severity: "Down",
        acknowledgedAt: null,
        resolvedAt: null,
        isPublic: false,
        updates: [],
        deliveries: [],
      })

      const acknowledged = yield* send(`POST ${path}/acknowledge`)
      assert.deepInclude(acknowledged.body, { acknowledgedBy: "Ada" })
      assert.strictEqual((yield* send(`POST ${path}/comment`, { body: "Only for us" })).status, 200)
      const told = yield* send(`POST ${path}/comment`, { body: "We are at it", public: true })
      assert.deepInclude(told.body.updates[0], { kind: "update", author: "Ada", body: "We are at it", isPublic: true })
      assert.deepInclude(told.body.updates[1], { kind: "comment", author: "Ada", isPublic: false })

      const resolved = yield* send(`POST ${path}/resolve`, { note: "The disk was full" })
      assert.deepInclude(resolved.body, { resolvedBy: "Ada" })
      assert.deepInclude(resolved.body.updates[0], { kind: "resolved", body: "The disk was full" })
      for (const call of [`POST ${path}/acknowledge`, `POST ${path}/resolve`]) {
        const again = yield* send(call, {})
        assert.deepStrictEqual([again.status, again.body._tag], [409, "NotPossibleNow"])
      }

      assert.deepInclude((yield* send(`PUT ${path}/postmortem`, { body: "Watch the disk.\nAlways." })).body, {
        postmortem: "Watch the disk.\nAlways.",
      })
      assert.deepInclude((yield* send(`PUT ${path}`, { title: "The full disk", isPublic: true })).body, {
        title: "The full disk",
        isPublic: true,
      })
      assert.deepInclude((yield* send(`PUT ${path}`, {})).body, { title: "The full disk", isPublic: true })
    }),
  )

  it.scopedLive("show all that was seen when their monitor failed first", () =>
    Effect.gen(function* () {
      const { send, stores } = yield* loggedIn()
      const url = "https://example.com/"
      const id = MonitorId.make((yield* send("POST /api/monitor", { url, name: "web" })).body.id)
      const slot = (yield* Clock.currentTimeMillis) - 600_000
      const evidence: Evidence = {
        address: "192.0.2.7",
        headers: [
          ["content-type", "text/html; charset=utf-8"],
          ["retry-after", "120"],
        ],
        body: "é".repeat(maxEvidenceBody),
        certificate: {
          subject: "CN=example.com",
          issuer: "CN=R3",
          validFrom: slot - 86_400_000,
          validTo: slot + 86_400_000,
          fingerprint: "ab".repeat(32),
        },
      }
      const phases: Phases = { dns: 1.5, connect: 2.5, tls: 3.5, firstByte: 40.25, transfer: 0.5 }
      const seen = Effect.gen(function* () {
        const { insert } = yield* ResultStore
        yield* insert([newResult(id, slot, "Up")])
        yield* insert([newResult(id, slot + 60_000, "Down", { evidence, phases, responseTimeMs: 48.25 })])
        yield* insert([newResult(id, slot + 90_000, "Down", { evidence: { ...evidence, body: "later" } })])
        const { judgeNext } = yield* Judgements
        while ((yield* judgeNext) !== null);
      })
      yield* seen.pipe(Effect.provide(Judgements.layer), Effect.provide(stores))
      const [incident] = (yield* send("GET /api/incidents")).body.items
      const { body } = yield* send(`GET /api/incidents/${incident.id}`)
      const startedAt = new Date(slot + 60_000).toISOString()
      assert.deepStrictEqual(body.monitors, [
        {
          monitorId: id,
          name: "web",
          url,
          role: "failing",
          startedAt,
          endedAt: null,
          seen: {
            region: "USA",
            slot: startedAt,
            status: "Down",
            error: { kind: "status", message: "the answer was 503" },
            httpStatus: 503,
            responseTimeMs: 48.25,
            phases,
            evidence,
          },
        },
      ])
    }),
  )

  it.scopedLive("are listed by when they began, page by page, and filtered", () =>
    Effect.gen(function* () {
      const { person, send, stores } = yield* loggedIn()
      const ids: Array<string> = []
      for (let i = 1; i <= 5; i++) ids.push(yield* Effect.provide(insertIncident(person.id, `${i}`, i), stores))
      const { items, pages } = yield* walk(send, "GET /api/incidents", 2)
      assert.deepStrictEqual(titlesOf(items), ["1", "2", "3", "4", "5"])
      assert.strictEqual(pages, 3)

      yield* send(`POST /api/incidents/${ids[1]}/resolve`, {})
      const list = (query: string) =>
        Effect.map(send(`GET /api/incidents?${query}`), ({ body }) => titlesOf(body.items))
      assert.deepStrictEqual(yield* list("open=false"), ["2"])
      assert.deepStrictEqual(yield* list("open=true"), ["1", "3", "4", "5"])
      assert.deepStrictEqual(yield* list("severity=Degraded"), [])
      const third = Object(items[2]).startedAt
      assert.deepStrictEqual(yield* list(`from=${third}`), ["1", "2", "3"])
      assert.deepStrictEqual(yield* list(`to=${third}`), ["4", "5"])
      const backwards = yield* send(`GET /api/incidents?from=2026-02-01&to=2026-01-01`)
      assert.deepStrictEqual(backwards.body.issues, [{ path: ["from"], message: "must not be after to" }])
    }),
  )
})
