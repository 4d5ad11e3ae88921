import { assert, describe, it } from "@effect/vitest"
import { duringQuietHours, QuietHours, quietHoursEnd } from "@uptime/incidents/QuietHours"
import { FastCheck as fc, Schema } from "effect"

const at = (iso: string) => Date.parse(iso)
const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString())
const end = (quiet: QuietHours, text: string) => iso(quietHoursEnd(quiet, at(text)))

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"))
const quietHours = fc
  .record({ from: time, to: time, timeZone: fc.constantFrom(...zones) })
  .filter(({ from, to }) => from !== to)
/** Any instant of fifteen years, and more of those around which clocks change. */
const changes = [
  "2026-03-29T01:00Z",
  "2026-10-25T01:00Z",
  "2026-03-08T07:00Z",
  "2026-11-01T06:00Z",
  "2026-04-04T15:00Z",
  "2026-10-03T15:30Z",
  "2011-12-30T10:00Z",
]
const instant = fc.oneof(
  fc.integer({ min: at("2011-01-01"), max: at("2031-01-01") }),
  fc
    .tuple(fc.constantFrom(...changes.map(at)), fc.integer({ min: -30 * 3_600_000, max: 30 * 3_600_000 }))
    .map(([change, by]) => change + by),
)

/** What a clock in a zone shows, by another library than the one under test. */
const shown = (instant: number, timeZone: string) =>
  new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(instant)

const isQuietTime = ({ from, to }: QuietHours, time: string) =>
  from < to ? from <= time && time < to : from <= time || time < to

/** Whether a clock is put back within two days of an instant. */
const isPutBack = (instant: number, timeZone: string) => {
  const hours = Array.from({ length: 97 }, (_, i) => instant + (i - 48) * 3_600_000)
  const offset = (time: number) =>
    Date.parse(
      `${new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(time).replace(" ", "T")}Z`,
    ) -
    Math.floor(time / 1_000) * 1_000
  return hours.some((hour) => offset(hour) > offset(hour + 3_600_000))
}

describe("quiet hours", () => {
  it("are from one time until another, over midnight too", () => {
    const day = { from: "12:00", to: "13:30", timeZone: "UTC" }
    assert.strictEqual(end(day, "2026-01-05T11:59:59.999Z"), null)
    assert.strictEqual(end(day, "2026-01-05T12:00:00Z"), "2026-01-05T13:30:00.000Z")
    assert.strictEqual(end(day, "2026-01-05T13:30:00Z"), null)
    const night = { from: "22:00", to: "07:00", timeZone: "Europe/Berlin" }
    assert.strictEqual(end(night, "2026-01-05T21:00:00Z"), "2026-01-06T06:00:00.000Z")
    assert.strictEqual(end(night, "2026-01-06T05:59:00Z"), "2026-01-06T06:00:00.000Z")
    assert.strictEqual(end(night, "2026-07-05T20:00:00Z"), "2026-07-06T05:00:00.000Z")
  })

  it("end by the clock in the nights in which it is put forward and back", () => {
    const night = { from: "22:00", to: "07:00", timeZone: "Europe/Berlin" }
    assert.strictEqual(end(night, "2026-03-28T21:00:00Z"), "2026-03-29T05:00:00.000Z")
    assert.strictEqual(end(night, "2026-10-24T20:00:00Z"), "2026-10-25T06:00:00.000Z")
  })

  it("begin and end when the clock is put forward over their beginning or end", () => {
    const begin = { from: "02:30", to: "07:00", timeZone: "Europe/Berlin" }
    assert.strictEqual(end(begin, "2026-03-29T00:59:59Z"), null)
    assert.strictEqual(end(begin, "2026-03-29T01:00:00Z"), "2026-03-29T05:00:00.000Z")
    const until = { from: "22:00", to: "02:30", timeZone: "Europe/Berlin" }
    assert.strictEqual(end(until, "2026-03-29T00:30:00Z"), "2026-03-29T01:00:00.000Z")
    // A day that was left out, by half an hour and by a day.
    const island = { from: "22:00", to: "02:15", timeZone: "Australia/Lord_Howe" }
    assert.strictEqual(end(island, "2026-10-03T15:00:00Z"), "2026-10-03T15:30:00.000Z")
    const apia = { from: "22:00", to: "07:00", timeZone: "Pacific/Apia" }
    assert.strictEqual(end(apia, "2011-12-30T09:00:00Z"), "2011-12-30T10:00:00.000Z")
    assert.strictEqual(end(apia, "2011-12-30T12:00:00Z"), "2011-12-30T17:00:00.000Z")
  })

  it("last from the first beginning to the second end where the clock shows them twice", () => {
    const quiet = { from: "02:15", to: "02:45", timeZone: "Europe/Berlin" }
    assert.strictEqual(end(quiet, "2026-10-25T00:15:00Z"), "2026-10-25T01:45:00.000Z")
    assert.strictEqual(end(quiet, "2026-10-25T01:45:00Z"), null)
  })

  it.prop(
    "are whenever the clock shows a quiet time, and no other time but between two showings of it",
    [quietHours, instant],
    ([quiet, time]) => {
      const isQuiet = duringQuietHours(quiet, time)
      if (isQuietTime(quiet, shown(time, quiet.timeZone))) assert.isTrue(isQuiet)
      else if (isQuiet) assert.isTrue(isPutBack(time, quiet.timeZone))
    },
  )

  it.prop(
    "go on until their end",
    [quietHours, instant, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })],
    ([quiet, time, share]) => {
      const until = quietHoursEnd(quiet, time)
      if (until === null) return
      assert.isAbove(until, time)
      assert.isAtMost(until - time, 26 * 3_600_000)
      assert.isTrue(duringQuietHours(quiet, time + Math.floor((until - time) * share)))
    },
  )

  it("are none in a zone that the machine does not know", () => {
    assert.isFalse(
      duringQuietHours({ from: "00:00", to: "23:59", timeZone: "Mars/Olympus" }, at("2026-01-05T12:00:00Z")),
    )
  })

  it("are refused where they never end, or are no times", () => {
    const isQuietHours = Schema.is(QuietHours)
    assert.isTrue(isQuietHours({ from: "22:00", to: "07:00", timeZone: "Europe/Berlin" }))
    for (const wrong of [
      { to: "22:00" },
      { from: "24:00" },
      { from: "7:00" },
      { from: "07:60" },
      { timeZone: "Mars/Olympus" },
    ]) {
      assert.isFalse(isQuietHours({ from: "22:00", to: "07:00", timeZone: "Europe/Berlin", ...wrong }))
    }
  })
})
