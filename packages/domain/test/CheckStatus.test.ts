import { assert, describe, it } from "@effect/vitest"
import { CheckStatus, overallStatus } from "@uptime/domain/CheckStatus"
import { FastCheck as fc } from "effect"

const status = fc.constantFrom(...CheckStatus.literals)

/** The rule as it is written down, in as many words as it takes. */
const naive = (previous: CheckStatus, regions: ReadonlyArray<CheckStatus>): CheckStatus => {
  const knowing = regions.filter((region) => region !== "Unknown")
  if (knowing.length === 0) return "Unknown"
  for (const candidate of ["Up", "Down"] as const) {
    if (knowing.filter((region) => region === candidate).length * 2 > knowing.length) return candidate
  }
  return previous
}

describe("overallStatus", () => {
  it.prop(
    "is what a strict majority of the regions that know says",
    [status, fc.array(status)],
    ([previous, regions]) => {
      assert.strictEqual(overallStatus(previous, regions), naive(previous, regions))
    },
  )

  it.prop("does not depend on the order of the regions", [status, fc.array(status)], ([previous, regions]) => {
    assert.strictEqual(overallStatus(previous, [...regions].reverse()), overallStatus(previous, regions))
  })

  it("does not flap on an even split, and knows nothing without a region that knows", () => {
    assert.strictEqual(overallStatus("Up", ["Up", "Down"]), "Up")
    assert.strictEqual(overallStatus("Down", ["Up", "Down"]), "Down")
    assert.strictEqual(overallStatus("Up", ["Down", "Unknown"]), "Down")
    assert.strictEqual(overallStatus("Up", ["Unknown"]), "Unknown")
    assert.strictEqual(overallStatus("Up", []), "Unknown")
  })
})
