import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import type { Day } from "../../src/monitors/detail/queries.ts"
import { levelOf, monthsOf, nextDay, weekdayOf, yearGrid } from "../../src/monitors/detail/yearGrid.ts"

const dayMs = 86_400_000

const days = fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 366 })).map(([first, count]) =>
  Array.from(
    { length: count },
    (_, index): Day => ({
      day: new Date((first + index) * dayMs).toISOString().slice(0, 10),
      uptime: 100,
      downSeconds: 0,
      coverage: 1,
      checks: 1,
    }),
  ),
)

describe("the days of a year", () => {
  it("are laid out by week and weekday, each once and in order", () => {
    fc.assert(
      fc.property(days, (given) => {
        const grid = yearGrid(given)
        assert.strictEqual(grid.length, 7)
        const laid = (grid[0] ?? []).flatMap((_, week) => grid.flatMap((row) => row[week] ?? []))
        assert.deepStrictEqual(laid, given)
        grid.forEach((row, weekday) => {
          for (const day of row) if (day !== null) assert.strictEqual(weekdayOf(day.day), weekday)
        })
      }),
    )
    assert.strictEqual(weekdayOf("2026-11-30"), 0)
    assert.strictEqual(weekdayOf("2026-11-29"), 6)
  })

  it("name each month at the week in which it begins", () => {
    fc.assert(
      fc.property(days, (given) => {
        const named = monthsOf(yearGrid(given)).filter((month) => month !== null)
        const begun = given.filter(({ day }) => day.endsWith("-01")).map(({ day }) => Number(day.slice(5, 7)) - 1)
        assert.deepStrictEqual(named, begun)
      }),
    )
  })

  it("are gone through by keys, never beyond their ends", () => {
    const key = fc.constantFrom("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End")
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 366 }), fc.array(key), (count, keys) => {
        const at = keys.reduce((place, each) => nextDay(each, place, count) ?? -1, 0)
        assert.isTrue(at >= 0 && at < count)
      }),
    )
    assert.strictEqual(nextDay("ArrowRight", 3, 20), 10)
    assert.isUndefined(nextDay("x", 3, 20))
  })

  it("are well only without any downtime", () => {
    assert.deepStrictEqual([null, 100, 99.999, 99.9, 99.899, 99, 98.999, 0].map(levelOf), [
      "none",
      "full",
      "high",
      "high",
      "middle",
      "middle",
      "low",
      "low",
    ])
  })
})
