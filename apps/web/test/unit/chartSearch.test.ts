import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import {
  measures,
  rangeMs,
  ranges,
  readChartSearch,
  searchOf,
  stretchOf,
} from "../../src/monitors/detail/chart/chartSearch.ts"
import { fitted, leastStretch, mostStretch } from "../../src/monitors/detail/chart/stretch.ts"

const now = Date.parse("2026-11-29T12:00:00Z")

describe("the address of a monitor's page", () => {
  it("is read the same once it was read, whatever it holds", () => {
    const value = fc.oneof(
      fc.anything(),
      fc.constantFrom<unknown>(...ranges, ...measures, "phases", "USA", "2026-01-01"),
    )
    const search = fc.dictionary(fc.constantFrom("range", "from", "to", "measure", "view", "region", "else"), value)
    fc.assert(
      fc.property(search, (given) => {
        const read = readChartSearch(given)
        assert.deepStrictEqual(readChartSearch({ ...read }), read)
        const { from, to } = stretchOf(read, now)
        assert.isAtLeast(to - from, leastStretch)
        assert.isAtMost(to - from, mostStretch)
      }),
    )
  })

  it("says nothing of what it shows anyway", () => {
    assert.deepStrictEqual(readChartSearch({ range: "24h", measure: "avg", view: "time", region: "<b>" }), {})
    assert.deepStrictEqual(stretchOf({}, now), { from: now - rangeMs["24h"], to: now })
  })

  it("keeps a stretch of one's own, and neither half of one nor one that ends before it begins", () => {
    const own = fitted({ from: now - 5_000_000, to: now - 1_000_000 }, now)
    const { from = "", to = "" } = searchOf(own)
    assert.deepStrictEqual(stretchOf(readChartSearch({ range: "7d", from, to }), now), own)
    assert.deepStrictEqual(readChartSearch({ range: "7d", from }), { range: "7d" })
    assert.deepStrictEqual(readChartSearch({ from: to, to: from }), {})
    assert.deepStrictEqual(readChartSearch({ from: "1", to: "+275000-01-01" }), {})
  })
})
