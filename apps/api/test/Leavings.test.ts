import { Agent, get } from "node:http"
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { assert, describe, it } from "@effect/vitest"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Effect } from "effect"
import { signUp } from "./Person.ts"
import { freshStores } from "./Stores.ts"
import { serveApi } from "./World.ts"

setFlagsFromString("--expose-gc")
// As the api runs (docs/decisions.md).
setFlagsFromString("--no-allocation-site-pretenuring")
const collect: (options?: { readonly type: "minor" }) => void = runInNewContext("gc")

/** What is among the old objects, which V8 seldom goes through, and then makes requests wait, in bytes. */
const oldBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")?.space_used_size ?? Number.NaN

/** The most that a request may leave there, in bytes: what holds on to one keeps eight thousand and more. */
const limit = 4_000

describe("what a request leaves behind", () => {
  it.scopedLive(
    "is gone by the next collection of young objects",
    () =>
      Effect.gen(function* () {
        const base = yield* serveApi({ stores: yield* freshStores, stream: MemoryStream.layer() })
        const { token } = yield* signUp(base)
        const agent = yield* Effect.acquireRelease(
          Effect.sync(() => new Agent({ keepAlive: true })),
          (one) => Effect.sync(() => one.destroy()),
        )
        const ask = (path: string) =>
          Effect.async<number | undefined>((resume) => {
            get(base + path, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
              answer.resume().on("end", () => resume(Effect.succeed(answer.statusCode)))
            })
          })
        const leftBy = (path: string) =>
          Effect.gen(function* () {
            yield* Effect.forEach(Array.from({ length: 1_500 }), () => ask(path), { concurrency: 16, discard: true })
            collect()
            collect({ type: "minor" })
            const before = oldBytes()
            for (let n = 0; n < 200; n++) {
              yield* ask(path)
              collect({ type: "minor" })
            }
            return (oldBytes() - before) / 200
          })
        for (const path of ["/healthz", "/api/monitor?limit=50"]) {
          assert.strictEqual(yield* ask(path), 200)
          // Again while its code is still being compiled, which leaves something too.
          const left = yield* Effect.repeat(leftBy(path), { until: (bytes) => bytes < limit, times: 9 })
          assert.isBelow(left, limit, `bytes that each request to ${path} leaves among the old objects`)
        }
      }),
    240_000,
  )
})
