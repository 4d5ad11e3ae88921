import { assert, describe, it } from "@effect/vitest"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Arbitrary, Effect, FastCheck, Option, Schema } from "effect"
import { endpoints, routeTo } from "./Endpoints.ts"
import { signUp } from "./Person.ts"
import { freshStores } from "./Stores.ts"
import { type Answer, call, serveApi } from "./World.ts"

const unknownId = "0190a5f4-0000-7000-8000-00000000dead"

/** All of an answer but what differs between any two. */
const everything = ({ headers, status, text }: Answer) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => name !== "date" && name !== "x-request-id"),
})

const world = Effect.gen(function* () {
  const base = yield* serveApi({ stores: yield* freshStores, stream: MemoryStream.layer() })
  const owner = yield* signUp(base)
  const stranger = yield* signUp(base)
  const created = yield* call(base, "POST /api/monitor", {
    token: owner.token,
    json: { url: "https://example.com/", name: "Private" },
  })
  const { id } = yield* Schema.decode(Schema.parseJson(Schema.Struct({ id: Schema.String })))(created.text)
  return { base, owner, stranger, id }
})

describe("ownership", () => {
  it.scopedLive("of a monitor is not told to strangers, by any call, to the byte", () =>
    Effect.gen(function* () {
      const { base, id, owner, stranger } = yield* world
      const before = yield* call(base, `GET /api/monitor/${id}`, { token: owner.token })
      assert.strictEqual(before.status, 200)
      let walked = 0
      for (const endpoint of endpoints) {
        if (endpoint.pathParams.length === 0) continue
        const json = Option.match(endpoint.payload, {
          onNone: () => undefined,
          onSome: (payload) =>
            FastCheck.sample(Arbitrary.make(payload), 1).map((value) => Schema.encodeSync(payload)(value))[0],
        })
        const foreign = yield* call(base, routeTo(endpoint, id), { token: stranger.token, json })
        const unknown = yield* call(base, routeTo(endpoint, unknownId), { token: stranger.token, json })
        assert.strictEqual(foreign.status, 404, routeTo(endpoint, id))
        assert.deepStrictEqual(everything(foreign), everything(unknown), routeTo(endpoint, id))
        assert.notInclude(foreign.text, id)
        walked++
      }
      assert.strictEqual(walked, 7)
      const after = yield* call(base, `GET /api/monitor/${id}`, { token: owner.token })
      assert.strictEqual(after.text, before.text)
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
