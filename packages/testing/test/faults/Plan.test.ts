import { assert, describe, it } from "@effect/vitest"
import { plan } from "@uptime/testing/faults/Plan"

const draws = (seed: number, name: string) => {
  const { between } = plan(seed, name)
  return Array.from({ length: 200 }, () => between(1, 6))
}

describe("a plan", () => {
  it("draws the same from the same seed and name, and other things from others", () => {
    assert.deepStrictEqual(draws(7, "F1"), draws(7, "F1"))
    assert.notDeepEqual(draws(7, "F1"), draws(8, "F1"))
    assert.notDeepEqual(draws(7, "F1"), draws(7, "F2"))
  })

  it("draws every number of a range, and no other", () => {
    assert.deepStrictEqual([...new Set(draws(1, "dice"))].sort(), [1, 2, 3, 4, 5, 6])
  })

  it("shuffles without losing anything, and picks one of some", () => {
    const { pick, shuffle } = plan(3, "order")
    const shuffled = shuffle([1, 2, 3, 4, 5])
    assert.deepStrictEqual([...shuffled].sort(), [1, 2, 3, 4, 5])
    assert.include(["a", "b"], pick(["a", "b"]))
  })

  it("gives parts plans that do not depend on what was drawn before", () => {
    const one = plan(5, "F1")
    const other = plan(5, "F1")
    one.between(0, 1)
    assert.strictEqual(one.of("victims").between(0, 1e9), other.of("victims").between(0, 1e9))
  })
})
