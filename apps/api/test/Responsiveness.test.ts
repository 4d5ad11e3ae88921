import { assert, describe, it } from "@effect/vitest"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Clock, Effect, Fiber } from "effect"
import { signUp } from "./Person.ts"
import { freshStores } from "./Stores.ts"
import { call, serveApi } from "./World.ts"

const median = (values: ReadonlyArray<number>): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

const millis = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<number, E, R> =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeNanos
    yield* effect
    return Number((yield* Clock.currentTimeNanos) - began) / 1e6
  })

const anywhere = (n: number) => ({ "x-forwarded-for": `192.0.${n >> 8}.${n % 256}` })

describe("hashing passwords", () => {
  it.scopedLive(
    "twenty at once does not keep /healthz waiting for 50 ms",
    () =>
      Effect.gen(function* () {
        const base = yield* serveApi({
          stores: yield* freshStores,
          stream: MemoryStream.layer(),
          settings: { passwordCost: 10 },
        })
        const slow = Effect.gen(function* () {
          const hashing = yield* Effect.forEach(
            Array.from({ length: 20 }, (_, n) => n),
            (n) =>
              call(base, "POST /api/auth/login", {
                json: { email: `nobody${n}@example.com`, password: "correct horse battery" },
                headers: anywhere(n),
              }),
            { concurrency: "unbounded" },
          ).pipe(Effect.fork)
          const waits: Array<number> = []
          while (hashing.unsafePoll() === null) waits.push(yield* millis(call(base, "GET /healthz")))
          const answers = yield* Fiber.join(hashing)
          assert.isTrue(answers.every(({ status }) => status === 401))
          assert.isAbove(waits.length, 20)
          // Whatever else runs on the machine may hold up some; a blocked event loop would hold up nearly all.
          return waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.9)] ?? 0
        })
        yield* call(base, "GET /healthz")
        assert.isBelow(yield* Effect.repeat(slow, { until: (wait) => wait < 50, times: 2 }), 50)
      }),
    120_000,
  )

  it.scopedLive(
    "takes as long for an unknown address as for a wrong password",
    () =>
      Effect.gen(function* () {
        const base = yield* serveApi({
          stores: yield* freshStores,
          stream: MemoryStream.layer(),
          settings: { passwordCost: 8 },
        })
        const { email } = yield* signUp(base)
        const fail = (who: string, n: number) =>
          millis(
            call(base, "POST /api/auth/login", { json: { email: who, password: "wrong horse" }, headers: anywhere(n) }),
          )
        const known: Array<number> = []
        const unknown: Array<number> = []
        // In turns, so that both see the same machine; within the limit of one account.
        for (let n = 0; n < 40; n++) {
          known.push(yield* fail(email, n))
          unknown.push(yield* fail(`nobody${n}@example.com`, n))
        }
        const ratio = median(unknown) / median(known)
        assert.isTrue(ratio > 0.8 && ratio < 1.25, `${median(unknown)} ms against ${median(known)} ms`)
        // Without the work of a hash it would be a tenth of that.
        assert.isAbove(median(unknown), 10)
      }),
    120_000,
  )
})
