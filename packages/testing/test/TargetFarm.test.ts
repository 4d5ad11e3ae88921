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

  it.scopedLive("a path changes its answer", () =>
    Effect.gen(function* () {
      const farm = yield* targetFarm
      yield* farm.answer("/site", { _tag: "Status", status: 500 })
      assert.strictEqual(yield* get(`${farm.url}/site`), 500)
      yield* farm.answer("/site", { _tag: "Redirect", location: "/ok" })
      assert.strictEqual(yield* get(`${farm.url}/site`), 302)
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
