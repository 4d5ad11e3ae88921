import { assert, describe, it } from "@effect/vitest"
import { FastCheck } from "effect"
import { barsOf, monthAfter, weeksOf } from "../../src/maintenance/calendar.ts"

const hourMs = 3_600_000

const months = FastCheck.tuple(FastCheck.integer({ min: 2000, max: 2100 }), FastCheck.integer({ min: 1, max: 12 })).map(
  ([year, month]) => `${year}-${String(month).padStart(2, "0")}`,
)

/** Windows of November 2026, by the hours at which they begin and how long they last. */
const windows = FastCheck.array(
  FastCheck.record({
    startsAt: FastCheck.integer({ min: -200, max: 900 }),
    hours: FastCheck.option(FastCheck.integer({ min: 1, max: 400 })),
  }),
  { maxLength: 12 },
).map((all) =>
  all
    .map(({ hours, startsAt }) => {
      const start = new Date(2026, 10, 1).getTime() + startsAt * hourMs
      return { startsAt: start, endsAt: hours === null ? null : start + hours * hourMs }
    })
    .sort((one, other) => one.startsAt - other.startsAt),
)

describe("the calendar of a month", () => {
  it.prop("has whole weeks from Monday on, without gaps, and the whole month", [months], ([month]) => {
    const days = weeksOf(month).flat()
    assert.strictEqual(days.length % 7, 0)
    assert.strictEqual(new Date(days[0]?.start ?? 0).getDay(), 1)
    for (const [index, day] of days.slice(1).entries()) assert.strictEqual(day.start, days[index]?.end)
    const inMonth = days.filter((day) => day.inMonth).map(({ date }) => date)
    assert.strictEqual(inMonth[0], `${month}-01`)
    assert.isAtLeast(inMonth.length, 28)
    assert.isTrue(inMonth.every((date) => date.startsWith(month)))
  })

  it("goes from month to month over the years", () => {
    assert.strictEqual(monthAfter("2026-12", 1), "2027-01")
    assert.strictEqual(monthAfter("2026-01", -1), "2025-12")
  })

  it.prop("shows every window on each of its days, and no two in the same place", [windows], ([all]) => {
    const now = new Date(2026, 10, 15).getTime()
    for (const week of weeksOf("2026-11")) {
      const bars = barsOf(week, all, now)
      const places = bars.flatMap(({ day, days, lane }) =>
        Array.from({ length: days }, (_, index) => `${day + index} ${lane}`),
      )
      assert.strictEqual(new Set(places).size, places.length)
      for (const [index, day] of week.entries()) {
        const shown = bars.filter((bar) => index >= bar.day && index < bar.day + bar.days).map(({ window }) => window)
        const during = all.filter(
          ({ endsAt, startsAt }) => startsAt < day.end && (endsAt ?? Math.max(now, startsAt) + 1) > day.start,
        )
        assert.sameMembers([...shown], during)
      }
    }
  })
})
