import { randomInt } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { UserId } from "@uptime/domain/Ids"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Effect, Layer } from "effect"
import { type FuzzReport, findingText, fuzz } from "./fuzz/Fuzz.ts"
import { insertIncident } from "./Incidents.ts"
import { freshStores } from "./Stores.ts"
import { serveApi } from "./World.ts"

const world = Effect.gen(function* () {
  const stores = Layer.succeedContext(yield* Layer.build(yield* freshStores))
  const base = yield* serveApi({ stores, stream: MemoryStream.layer() })
  return (seed: number, requests: number) =>
    fuzz({
      base,
      seed,
      requests,
      // Others use the machine as well; a run by itself has a tighter limit.
      limits: { tookMs: 10_000, hashedMs: 20_000 },
      prepare: (userId, belongings) =>
        Effect.forEach([1, 2, 3, 4], (n) =>
          insertIncident(UserId.make(userId), `Incident ${n}`).pipe(
            Effect.map((id) => belongings.made("incidents", id)),
            Effect.provide(stores),
            Effect.orDie,
          ),
        ).pipe(Effect.asVoid),
    })
})

const assertCivil = ({ findings }: FuzzReport, seed: number): void =>
  assert.lengthOf(findings, 0, `seed ${seed}\n${findings.map(findingText).join("\n\n")}`)

describe("requests that the API's own document gives, right and wrong ones", () => {
  it.scopedLive(
    "are answered as the document says, and never by a fault",
    () =>
      Effect.gen(function* () {
        const attack = yield* world
        const report = yield* attack(20_261_130, 1_500)
        assertCivil(report, 20_261_130)
        // Most calls are reached beyond what refuses their requests.
        assert.isAbove(report.succeeded.size, 50)
        const seed = yield* Effect.sync(() => randomInt(2 ** 31))
        assertCivil(yield* attack(seed, 500), seed)
      }),
    120_000,
  )
})
