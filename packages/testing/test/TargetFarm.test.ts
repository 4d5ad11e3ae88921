import { assert, describe, it } from "@effect/vitest"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Effect } from "effect"

const get = (url: string) =>
  Effect.tryPromise((signal) => fetch(url, { redirect: "manual", signal }).then((response) => response.status))

describe("TargetFarm", () => {
  it.scopedLive("answers by path and counts", () =>
    Effect.gen(function* () {
      const farm = yield* targetFarm
      assert.strictEqual(yield* get(`${farm.url}/ok/1?query`), 200)
      assert.strictEqual(yield* get(`${farm.url}/status/503/a`), 503)
      assert.strictEqual(yield* get(`${farm.url}/slow/20`), 200)
      assert.isTrue(yield* Effect.isFailure(get(`${farm.url}/reset`)))
      assert.strictEqual(yield* farm.hits("/ok/1"), 1)
      assert.strictEqual(yield* farm.hits("/never"), 0)
      assert.strictEqual(yield* farm.totalHits, 4)
    }),
  )

  it.scopedLive("remembers when each job was asked for, by the query", () =>
    Effect.gen(function* () {
      const farm = yield* targetFarm
      for (const query of ["?job=a@1", "?x=1&job=a@2", "?job=a@1", "?x=1", ""]) yield* get(`${farm.url}/ok${query}`)
      assert.deepStrictEqual(
        [...(yield* farm.jobHits)].map(([job, at]) => [job, at.length]),
        [
          ["a@1", 2],
          ["a@2", 1],
        ],
      )
    }),
  )

  it.scopedLive("a path changes its answer", () =>
    Effect.gen(function* () {
      const farm = yield* targetFarm
      yield* farm.answer("/site", { _tag: "Status", status: 500 })
      assert.strictEqual(yield* get(`${farm.url}/site`), 500)
      yield* farm.answer("/site", { _tag: "Raw", bytes: Buffer.from("HTTP/1.1 418 a\r\ncontent-length: 0\r\n\r\n") })
      assert.strictEqual(yield* get(`${farm.url}/site`), 418)
      yield* farm.answer("/site", { _tag: "Redirect", location: "/ok" })
      assert.strictEqual(yield* get(`${farm.url}/site`), 302)
    }),
  )

  it.scopedLive("a path answers one visitor otherwise than all others, by their user agent", () =>
    Effect.gen(function* () {
      const farm = yield* targetFarm
      const as = (visitor: string) =>
        Effect.tryPromise(async () => {
          const response = await fetch(`${farm.url}/site`, { headers: { "user-agent": visitor } })
          return [response.status, await response.text()]
        })
      yield* farm.answer("/site", { _tag: "Status", status: 503, body: "not here" }, "India")
      yield* farm.answer("/site", { _tag: "Slow", delayMs: 1, body: "welcome" })
      assert.deepStrictEqual(yield* as("India"), [503, "not here"])
      assert.deepStrictEqual(yield* as("USA"), [200, "welcome"])
    }),
  )

  it.scopedLive("awaitHits waits for the last of them, also when the answer hangs", () =>
    Effect.gen(function* () {
      const farm = yield* targetFarm
      const waiting = yield* Effect.fork(farm.awaitHits("/hang", 2))
      yield* Effect.fork(get(`${farm.url}/hang`))
      yield* farm.awaitHits("/hang", 1)
      assert.isNull(waiting.unsafePoll())
      yield* Effect.fork(get(`${farm.url}/hang`))
      yield* waiting
      assert.strictEqual(yield* farm.hits("/hang"), 2)
    }).pipe(Effect.timeout("5 seconds")),
  )
})
