import { randomInt } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import * as TestDatabase from "@uptime/testing/TestDatabase"
import { Effect } from "effect"
import { type FuzzReport, findingText, fuzz } from "./fuzz/Fuzz.ts"
import { incidentsIn } from "./fuzz/SeededIncidents.ts"
import { storesAt } from "./Stores.ts"
import { serveApi } from "./World.ts"

const world = Effect.gen(function* () {
  const databaseUrl = yield* TestDatabase.migratedDatabase
  const base = yield* serveApi({ stores: storesAt(databaseUrl), stream: MemoryStream.layer() })
  return (seed: number, requests: number) =>
    fuzz({
      base,
      seed,
      requests,
      // Others use the machine as well; a run by itself has a tighter limit.
      limits: { tookMs: 20_000, hashedMs: 30_000, mayBeBusy: true },
      prepare: incidentsIn(databaseUrl),
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
        const report = yield* attack(20_261_130, 1_000)
        assertCivil(report, 20_261_130)
        // Most calls are reached beyond what refuses their requests.
        assert.isAbove(report.succeeded.size, 40)
        const seed = yield* Effect.sync(() => randomInt(2 ** 31))
        assertCivil(yield* attack(seed, 300), seed)
      }),
    240_000,
  )
})
