import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, FastCheck as fc } from "effect"
import { type Held, Holdings } from "../src/Holdings.ts"
import { delivery, up, usa } from "./World.ts"

const limits = { concurrency: 4, held: 10, batch: 3 }

const result = (held: Held) => ({
  monitorId: held.delivery.job.monitorId,
  region: usa,
  slot: 0,
  checkedAt: 0,
  outcome: up,
})

type Step =
  | { readonly do: "read"; readonly count: number }
  | { readonly do: "finish" | "abandon"; readonly which: number }
  | { readonly do: "commit" | "fail" | "acknowledge" }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("read" as const), count: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ do: fc.constantFrom("finish" as const, "abandon" as const), which: fc.nat(9) }),
  fc.record({ do: fc.constantFrom("commit" as const, "fail" as const, "acknowledge" as const) }),
)

describe("Holdings", () => {
  it("whatever happens, it stays within its limits and forgets no entry before it is acknowledged or abandoned", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const holdings = new Holdings(limits)
        let next = 0
        const open = new Map<string, Held>()
        for (const action of steps) {
          const probing = [...open.values()].filter((held) => held.phase === "probing")
          switch (action.do) {
            case "read": {
              const places = holdings.reserve(action.count)
              assert.isAtMost(places, action.count)
              holdings.release(places)
              for (let i = 0; i < places; i++) {
                const held = holdings.add(delivery(++next), 0)
                assert.isNotNull(held)
                if (held !== null) open.set(held.delivery.id, held)
              }
              break
            }
            case "finish": {
              const held = probing[action.which]
              if (held !== undefined) holdings.finish(held, result(held))
              break
            }
            case "abandon": {
              const held = probing[action.which]
              if (held === undefined) break
              holdings.abandon(held)
              open.delete(held.delivery.id)
              break
            }
            case "commit":
              holdings.committed(holdings.nextBatch().length)
              break
            case "fail":
              holdings.notCommitted()
              break
            case "acknowledge": {
              const ids = holdings.stored.slice()
              holdings.acknowledged(ids.length)
              for (const id of ids) open.delete(id)
            }
          }
          assert.deepStrictEqual([...holdings.entries.keys()].toSorted(), [...open.keys()].toSorted())
          assert.isAtMost(holdings.running, limits.concurrency)
          assert.isAtMost(holdings.entries.size, limits.held)
          assert.isAtLeast(holdings.free, 0)
          assert.isAtMost(holdings.nextBatch().length, limits.batch)
          assert.strictEqual(holdings.running, [...open.values()].filter((held) => held.phase === "probing").length)
        }
      }),
    )
  })

  it("takes no entry twice", () => {
    const holdings = new Holdings(limits)
    assert.isNotNull(holdings.add(delivery(1), 0))
    assert.isNull(holdings.add(delivery(1), 0))
    assert.strictEqual(holdings.running, 1)
  })

  it.effect("wakes those who wait for free places when a place becomes free", () =>
    Effect.gen(function* () {
      const holdings = new Holdings(limits)
      const held = [1, 2, 3, 4].map((n) => holdings.add(delivery(n), 0))
      assert.strictEqual(holdings.free, 0)
      const waiting = yield* Effect.fork(holdings.until(() => holdings.free > 0))
      yield* Effect.yieldNow()
      const first = held[0]
      if (first !== undefined && first !== null) holdings.finish(first, result(first))
      yield* Fiber.join(waiting)
    }),
  )

  it("keeps a probe fresh for as long as two tries take, and a grace", () => {
    const holdings = new Holdings(limits)
    holdings.add(delivery(1), 0)
    const longestMs = 2 * 10_000 + 1_000
    assert.deepStrictEqual(holdings.freshIds(longestMs + 500, 500), ["1-0"])
    assert.deepStrictEqual(holdings.freshIds(longestMs + 501, 500), [])
  })

  it("keeps nothing fresh that another consumer took over", () => {
    const holdings = new Holdings(limits)
    holdings.add(delivery(1), 0)
    holdings.add(delivery(2), 0)
    holdings.markLost(["1-0", "9-0"])
    assert.deepStrictEqual(holdings.freshIds(0, 0), ["2-0"])
  })
})
