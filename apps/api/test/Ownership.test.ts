import { assert, describe, it } from "@effect/vitest"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Arbitrary, Effect, FastCheck, Layer, Option, Schema } from "effect"
import { type Endpoint, endpoints, routeTo } from "./Endpoints.ts"
import { insertIncident } from "./Incidents.ts"
import { signUp } from "./Person.ts"
import { freshStores } from "./Stores.ts"
import { type Answer, call, serveApi } from "./World.ts"

const signingSecret = `whsec_${"A".repeat(32)}`
const unknownId = "0190a5f4-0000-7000-8000-00000000dead"

/** All of an answer but what differs between any two. */
const everything = ({ headers, status, text }: Answer) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => name !== "date" && name !== "x-request-id"),
})

const Created = Schema.parseJson(Schema.Struct({ id: Schema.String }))

const world = Effect.gen(function* () {
  const stores = Layer.succeedContext(yield* Layer.build(yield* freshStores))
  const log: Array<string> = []
  const base = yield* serveApi({ stores, stream: MemoryStream.layer(), onLine: (line) => log.push(line) })
  const owner = yield* signUp(base)
  const stranger = yield* signUp(base)
  const make = (path: string, json: object) =>
    Effect.flatMap(call(base, `POST ${path}`, { token: owner.token, json }), ({ text }) =>
      Effect.map(Schema.decode(Created)(text), ({ id }) => id),
    )
  const id = yield* make("/api/monitor", { url: "https://example.com/", name: "Private" })
  const channel = yield* make("/api/channels", {
    name: "Private",
    config: { kind: "webhook", url: "https://example.com/private", signingSecret },
  })
  /** Something of the owner's in each group of calls. */
  const owned: Readonly<Record<string, string>> = {
    monitors: id,
    results: id,
    heartbeats: yield* make("/api/monitor", { url: "heartbeat://", heartbeat: { periodSeconds: 60 } }),
    channels: channel,
    escalations: yield* make("/api/escalations", {
      name: "Private",
      steps: [{ afterMinutes: 5, channels: [channel] }],
    }),
    maintenances: yield* make("/api/maintenances", {
      title: "Private",
      plan: { kind: "manual", from: "2026-01-01T00:00:00Z", endedAt: null },
      monitorIds: [id],
    }),
    statusPages: yield* make("/api/status-pages", {
      slug: "private",
      title: "Private",
      sections: [{ name: "", monitors: [{ monitorId: id }] }],
    }),
    incidents: yield* Effect.provide(insertIncident(owner.id, "Private"), stores),
  }
  return { base, log, owner, stranger, id, channel, owned }
})

/** All that an owner sees of what is theirs. */
const seenBy = (base: string, token: string, owned: Readonly<Record<string, string>>) =>
  Effect.forEach(
    endpoints.filter(({ method, path }) => method === "GET" && /\/:id(\/heartbeat)?$/.test(path)),
    (endpoint) =>
      Effect.map(call(base, routeTo(endpoint, owned[endpoint.group] ?? ""), { token }), (answer) => {
        assert.strictEqual(answer.status, 200, `${endpoint.path}: ${answer.text}`)
        return answer.text
      }),
  )

const sampleBody = ({ payload }: Endpoint): unknown =>
  Option.match(payload, {
    onNone: () => undefined,
    onSome: (schema) => FastCheck.sample(Arbitrary.make(schema), 1).map((value) => Schema.encodeSync(schema)(value))[0],
  })

describe("ownership", () => {
  it.scopedLive("of anything is not told to strangers, by any call, to the byte", () =>
    Effect.gen(function* () {
      const { base, log, owned, owner, stranger } = yield* world
      const before = yield* seenBy(base, owner.token, owned)
      assert.lengthOf(before, 7)
      const walked = new Map<string, number>()
      for (const endpoint of endpoints) {
        if (endpoint.pathParams.length === 0 || endpoint.isPublic) continue
        const id = owned[endpoint.group]
        if (id === undefined) return assert.fail(`nothing is owned for ${endpoint.path}`)
        const json = sampleBody(endpoint)
        const foreign = yield* call(base, routeTo(endpoint, id), { token: stranger.token, json })
        const unknown = yield* call(base, routeTo(endpoint, unknownId), { token: stranger.token, json })
        assert.strictEqual(foreign.status, 404, `${routeTo(endpoint, id)}: ${foreign.text}`)
        assert.deepStrictEqual(everything(foreign), everything(unknown), routeTo(endpoint, id))
        assert.notInclude(foreign.text, id)
        walked.set(endpoint.group, (walked.get(endpoint.group) ?? 0) + 1)
      }
      assert.deepStrictEqual(Object.fromEntries(walked), {
        monitors: 3,
        results: 6,
        incidents: 6,
        maintenances: 5,
        heartbeats: 3,
        channels: 6,
        escalations: 3,
        statusPages: 8,
      })
      assert.deepStrictEqual(yield* seenBy(base, owner.token, owned), before)

      // Nor does the log tell anybody, at any level.
      assert.isNotEmpty(log)
      const secrets = [owner.token, stranger.token, owner.password, signingSecret]
      assert.deepStrictEqual(
        secrets.filter((secret) => log.some((line) => line.includes(secret))),
        [],
      )
    }),
  )

  it.scopedLive("holds for what a request refers to", () =>
    Effect.gen(function* () {
      const { base, channel, id, owned, owner, stranger } = yield* world
      const steps = (channels: ReadonlyArray<string>) => [{ afterMinutes: 5, channels }]
      const plan = { kind: "manual", from: "2026-01-01T00:00:00Z", endedAt: null }
      const own = yield* call(base, "POST /api/channels", {
        token: stranger.token,
        json: { name: "Mine", config: { kind: "email", to: ["me@example.com"] } },
      })
      const mine = yield* Schema.decode(Created)(own.text)
      const references: ReadonlyArray<readonly [route: string, json: (foreign: string) => object, foreign: string]> = [
        ["POST /api/escalations", (one) => ({ name: "Theirs", steps: steps([mine.id, one]) }), channel],
        ["POST /api/maintenances", (one) => ({ title: "Theirs", plan, monitorIds: [one] }), id],
        ["POST /api/monitor", (one) => ({ url: "https://example.org/", parents: [one] }), id],
        [
          "POST /api/status-pages",
          (one) => ({ slug: "theirs", title: "Theirs", sections: [{ name: "", monitors: [{ monitorId: one }] }] }),
          id,
        ],
        ["POST /api/monitor", (one) => ({ url: "https://example.org/", alerts: { channels: [one] } }), channel],
        [
          "POST /api/monitor",
          (one) => ({ url: "https://example.org/", alerts: { escalationId: one } }),
          owned["escalations"] ?? "",
        ],
      ]
      for (const [route, json, foreign] of references) {
        const answer = yield* call(base, route, { token: stranger.token, json: json(foreign) })
        assert.strictEqual(answer.status, 422, `${route}: ${answer.text}`)
        const unknown = yield* call(base, route, { token: stranger.token, json: json(unknownId) })
        assert.deepStrictEqual(everything(answer), everything(unknown))
        assert.notInclude(answer.text, foreign)
        assert.isBelow((yield* call(base, route, { token: owner.token, json: json(foreign) })).status, 500)
      }
      for (const route of ["GET /api/incidents", "GET /api/reports/outages"]) {
        const listed = yield* call(base, `${route}?monitorId=${id}`, { token: stranger.token })
        assert.strictEqual(listed.text, '{"items":[],"nextCursor":null}')
      }
    }),
  )

  it.scopedLive("holds in bulk calls too", () =>
    Effect.gen(function* () {
      const { base, id, owner, stranger } = yield* world
      for (const operation of [
        { action: "edit", monitor: { name: "Taken" } },
        { action: "pause" },
        { action: "resume" },
        { action: "delete" },
      ]) {
        const bulk = (target: string) =>
          call(base, "POST /api/monitor/bulk", {
            token: stranger.token,
            json: {
              operations: [
                { action: "create", monitor: { url: "https://example.org/" } },
                { ...operation, id: target },
              ],
            },
          })
        const foreign = yield* bulk(id)
        assert.strictEqual(foreign.status, 400)
        assert.deepStrictEqual(everything(foreign), everything(yield* bulk(unknownId)))
        assert.deepStrictEqual(JSON.parse(foreign.text).issues, [
          { path: ["operations", 1, "id"], message: "you have no monitor with this id" },
        ])
      }
      const mine = yield* call(base, `GET /api/monitor/${id}`, { token: owner.token })
      assert.deepInclude(JSON.parse(mine.text), { name: "Private", enabled: true })
      // None of the stranger's creations came to stay either.
      assert.strictEqual(
        (yield* call(base, "GET /api/monitor", { token: stranger.token })).text,
        '{"items":[],"nextCursor":null}',
      )
    }),
  )

  it.scopedLive("holds in lists, whatever the cursor", () =>
    Effect.gen(function* () {
      const { base, owner, stranger } = yield* world
      for (const url of ["https://example.com/1", "https://example.com/2"]) {
        yield* call(base, "POST /api/monitor", { token: owner.token, json: { url } })
      }
      const page = yield* call(base, "GET /api/monitor?limit=1", { token: owner.token })
      const { items, nextCursor } = JSON.parse(page.text)
      assert.lengthOf(items, 1)
      const stolen = yield* call(base, `GET /api/monitor?cursor=${nextCursor}`, { token: stranger.token })
      assert.strictEqual(stolen.text, '{"items":[],"nextCursor":null}')
      const found = yield* call(base, "GET /api/monitor?text=example", { token: stranger.token })
      assert.strictEqual(found.text, '{"items":[],"nextCursor":null}')
    }),
  )
})
