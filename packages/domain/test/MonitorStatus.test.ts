import { assert, describe, it } from "@effect/vitest"
import { CheckStatus } from "@uptime/domain/CheckStatus"
import { MonitorStatus, overallStatus } from "@uptime/domain/MonitorStatus"
import { FastCheck as fc } from "effect"

const previous = fc.constantFrom(...MonitorStatus.literals)
const regions = fc.array(fc.constantFrom(...CheckStatus.literals), { maxLength: 9 })
const minRegions = fc.integer({ min: 1, max: 4 })

/** The rule as it is written down, in as many words as it takes. */
const naive = (before: MonitorStatus, said: ReadonlyArray<CheckStatus>, least: number): MonitorStatus => {
  const knowing = said.filter((status) => status !== "Unknown")
  const share = (wanted: CheckStatus) => knowing.filter((status) => status === wanted).length / knowing.length
  if (knowing.length < Math.max(1, least)) return "Unknown"
  if (share("Down") > 0.5) return "Down"
  if (share("Down") === 0.5) return before === "Down" ? "Down" : "Partial"
  if (share("Down") > 0) return "Partial"
  if (share("Degraded") > 0.5) return "Degraded"
  return share("Degraded") === 0.5 && before === "Degraded" ? "Degraded" : "Up"
}

describe("overallStatus", () => {
  it.prop(
    "is what most of the regions that know say",
    [previous, regions, minRegions],
    ([before, said, least]) => {
      assert.strictEqual(overallStatus(before, said, least), naive(before, said, least))
    },
    { fastCheck: { numRuns: 2_000 } },
  )

  it.prop("does not depend on the order of the regions", [previous, regions], ([before, said]) => {
    assert.strictEqual(overallStatus(before, said.toReversed()), overallStatus(before, said))
  })

  it.prop("stays where it is while nothing changes", [previous, regions, minRegions], ([before, said, least]) => {
    const now = overallStatus(before, said, least)
    assert.strictEqual(overallStatus(now, said, least), now)
  })

  it("does not flap on an even split, shows a minority, and knows nothing without a region that knows", () => {
    assert.strictEqual(overallStatus("Up", ["Up", "Down"]), "Partial")
    assert.strictEqual(overallStatus("Partial", ["Up", "Down"]), "Partial")
    assert.strictEqual(overallStatus("Down", ["Up", "Down"]), "Down")
    assert.strictEqual(overallStatus("Down", ["Up", "Up", "Down"]), "Partial")
    assert.strictEqual(overallStatus("Up", ["Down", "Unknown"]), "Down")
    assert.strictEqual(overallStatus("Up", ["Down", "Unknown"], 2), "Unknown")
    assert.strictEqual(overallStatus("Up", ["Degraded", "Up", "Degraded"]), "Degraded")
    assert.strictEqual(overallStatus("Up", ["Unknown"]), "Unknown")
    assert.strictEqual(overallStatus("Up", []), "Unknown")
  })
})
