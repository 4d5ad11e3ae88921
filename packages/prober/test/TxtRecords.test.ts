import { assert, describe, it } from "@effect/vitest"
import { TxtRecords } from "@uptime/prober/TxtRecords"
import { dnsServer, type Reply } from "@uptime/testing/DnsServer"
import { Effect } from "effect"

const lookup = (reply: Reply, withinMs = 2_000) =>
  Effect.gen(function* () {
    const server = yield* dnsServer(() => reply)
    const records = yield* Effect.provide(TxtRecords, TxtRecords.layerOf([server.address]))
    return yield* records.lookup("_uptime-challenge.status.example.com", withinMs)
  })

describe("TXT records", () => {
  it.scopedLive("are the joined strings of each", () =>
    Effect.gen(function* () {
      const texts = yield* lookup({ txt: [["v=spf1 ", "-all"], ["token"]] })
      assert.sameMembers([...texts], ["v=spf1 -all", "token"])
    }),
  )

  it.scopedLive("are none where there is no record, or no such name", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* lookup({}), [])
      assert.deepStrictEqual(yield* lookup("nxdomain"), [])
    }),
  )

  it.scopedLive("are not known where no name server answers, or says that it cannot tell", () =>
    Effect.gen(function* () {
      for (const reply of ["servfail", "silence"] as const) {
        assert.strictEqual((yield* Effect.flip(lookup(reply, 150))).reason, "unavailable", reply)
      }
    }),
  )
})
