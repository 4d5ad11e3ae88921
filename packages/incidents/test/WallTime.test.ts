import { assert, describe, it } from "@effect/vitest"
import { FastCheck } from "effect"
import { instantOfWall, wallOfInstant } from "../src/WallTime.ts"

const zones = FastCheck.constantFrom(
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
)

describe("wall times", () => {
  it("are those of the zone, as much later where its clock leaves them out", () => {
    assert.strictEqual(instantOfWall("2026-01-15T12:00", "Europe/Berlin"), Date.UTC(2026, 0, 15, 11))
    assert.strictEqual(instantOfWall("2026-03-29T02:30", "Europe/Berlin"), Date.UTC(2026, 2, 29, 1, 30))
    assert.strictEqual(instantOfWall("2026-10-25T02:30", "Europe/Berlin"), Date.UTC(2026, 9, 25, 0, 30))
    assert.strictEqual(wallOfInstant(Date.UTC(2026, 2, 29, 1, 30), "Europe/Berlin"), "2026-03-29T03:30")
  })

  it("are refused when there is no such time or zone", () => {
    for (const [wall, zone] of [
      ["2026-02-30T12:00", "UTC"],
      ["2026-02-03T25:00", "UTC"],
      ["", "UTC"],
      ["2026-02-03T12:00", "Europe/Nowhere"],
    ] as const) {
      assert.isNull(instantOfWall(wall, zone), `${wall} ${zone}`)
    }
  })

  it.prop(
    "lead back to the instant, or to the earlier one where a clock shows it twice",
    [FastCheck.integer({ min: 0, max: 66_000_000 }), zones],
    ([minutes, zone]) => {
      const instant = minutes * 60_000
      const back = instantOfWall(wallOfInstant(instant, zone), zone) ?? Number.NaN
      assert.include([0, 30, 60, 120], (instant - back) / 60_000)
      assert.strictEqual(wallOfInstant(back, zone), wallOfInstant(instant, zone))
    },
  )
})
