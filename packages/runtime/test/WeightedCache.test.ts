import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import { WeightedCache } from "../src/WeightedCache.ts"

const key = fc.constantFrom("a", "b", "c", "d", "e")
const step = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), key, value: fc.nat(), weight: fc.nat({ max: 12 }) }),
  fc.record({ kind: fc.constant("get" as const), key }),
  fc.record({ kind: fc.constant("delete" as const), key }),
)

/** The same as a list, what was used last at its end. */
class Model {
  held: ReadonlyArray<{ readonly key: string; readonly value: number; readonly weight: number }> = []

  readonly maxWeight: number

  constructor(maxWeight: number) {
    this.maxWeight = maxWeight
  }

  get weight(): number {
    return this.held.reduce((sum, { weight }) => sum + weight, 0)
  }

  get(key: string): number | undefined {
    const found = this.held.find((one) => one.key === key)
    if (found !== undefined) this.held = [...this.held.filter((one) => one !== found), found]
    return found?.value
  }

  set(key: string, value: number, weight: number): void {
    this.delete(key)
    if (weight > this.maxWeight) return
    this.held = [...this.held, { key, value, weight }]
    while (this.weight > this.maxWeight) this.held = this.held.slice(1)
  }

  delete(key: string): void {
    this.held = this.held.filter((one) => one.key !== key)
  }
}

describe("WeightedCache", () => {
  it("keeps what was used last, and never more than it may weigh", () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), fc.array(step, { maxLength: 60 }), (maxWeight, steps) => {
        const [cache, model] = [new WeightedCache<number>(maxWeight), new Model(maxWeight)]
        for (const one of steps) {
          if (one.kind === "get") assert.strictEqual(cache.get(one.key), model.get(one.key))
          else if (one.kind === "delete") {
            cache.delete(one.key)
            model.delete(one.key)
          } else {
            cache.set(one.key, one.value, one.weight)
            model.set(one.key, one.value, one.weight)
          }
          assert.strictEqual(cache.weight, model.weight)
          assert.isAtMost(cache.weight, maxWeight)
        }
        for (const { key } of [...model.held]) assert.strictEqual(cache.get(key), model.get(key))
      }),
    )
  })
})
