import { assert, describe, it } from "@effect/vitest"
import { heartbeatOptions } from "@uptime/domain/checks/HeartbeatCheck"
import { deadline, expectedBy, type HeartbeatOptions } from "@uptime/incidents/HeartbeatSchedule"
import { FastCheck as fc, Schema } from "effect"
import { Temporal } from "temporal-polyfill"

const at = (iso: string) => Date.parse(iso)
const dayMs = 86_400_000

const expected = (cron: string, timeZone: string, last: string) => {
  const due = expectedBy({ cron, timeZone }, at(last))
  return due === null ? null : `${new Date(due).toISOString().slice(0, 16)}Z`
}

/** A cron expression as the naive model has it: null for any. */
interface Fields {
  readonly minutes: ReadonlyArray<number>
  readonly hours: ReadonlyArray<number> | null
  readonly weekdays: ReadonlyArray<number> | null
}

const textOf = ({ hours, minutes, weekdays }: Fields) =>
  `${minutes.join()} ${hours?.join() ?? "*"} * * ${weekdays?.join() ?? "*"}`

/**
 * The runs within some days of an instant: all the times on a clock that the expression names, put on the zone's clock as
 * Temporal does, each with whether that clock shows it.
 */
const naive = ({ hours, minutes, weekdays }: Fields, timeZone: string, around: number) => {
  const from = Temporal.Instant.fromEpochMilliseconds(around - 2 * dayMs)
    .toZonedDateTimeISO("UTC")
    .toPlainDate()
  const runs: Array<{ readonly run: number; readonly isShown: boolean }> = []
  for (let day = 0; day < 14; day++) {
    const date = from.add({ days: day })
    if (weekdays !== null && !weekdays.includes(date.dayOfWeek % 7)) continue
    for (const hour of hours ?? Array.from({ length: 24 }, (_, hour) => hour)) {
      for (const minute of minutes) {
        const shown = date.toPlainDateTime({ hour, minute }).toZonedDateTime(timeZone)
        runs.push({ run: shown.epochMilliseconds, isShown: shown.hour === hour && shown.minute === minute })
      }
    }
  }
  return runs
}

const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
const some = (max: number, maxLength: number) =>
  fc.uniqueArray(fc.integer({ min: 0, max }), { minLength: 1, maxLength })
const fields = fc.record({
  minutes: some(59, 4),
  hours: fc.oneof(fc.constant(null), some(23, 3), fc.constant([1, 2, 3])),
  weekdays: fc.oneof(fc.constant(null), some(6, 3), fc.constant([0])),
})
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
  fc.integer({ min: at("2011-06-01"), max: at("2035-01-01") }),
  fc
    .tuple(fc.constantFrom(...changes.map(at)), fc.integer({ min: -2 * 3_600_000, max: 2 * 3_600_000 }))
    .map(([change, by]) => change + by),
)

describe("a heartbeat", () => {
  it("with a period is expected that long after the last one, and missed a minute later unless it says otherwise", () => {
    const last = at("2026-01-05T12:00Z")
    assert.strictEqual(expectedBy({ periodSeconds: 300 }, last), last + 300_000)
    assert.strictEqual(deadline({ periodSeconds: 300 }, last), last + 360_000)
    assert.strictEqual(deadline({ periodSeconds: 300, graceSeconds: 0 }, last), last + 300_000)
  })

  it("by cron is expected by the clocks of its zone, also in the nights that change them", () => {
    assert.strictEqual(expected("30 2 * * *", "Europe/Berlin", "2026-03-28T01:30Z"), "2026-03-29T01:30Z")
    assert.strictEqual(expected("30 2 * * *", "Europe/Berlin", "2026-03-29T01:30Z"), "2026-03-30T00:30Z")
    assert.strictEqual(expected("30 2 * * *", "Europe/Berlin", "2026-10-24T00:30Z"), "2026-10-25T00:30Z")
    assert.strictEqual(expected("30 2 * * *", "Europe/Berlin", "2026-10-25T00:31Z"), "2026-10-26T01:30Z")
    assert.strictEqual(expected("30 2 * * *", "Europe/Berlin", "2026-10-25T01:10Z"), "2026-10-26T01:30Z")
    assert.strictEqual(expected("*/5 * * * *", "Europe/Berlin", "2026-10-25T01:10Z"), "2026-10-25T02:00Z")
    assert.strictEqual(expected("0 12 * * *", "Pacific/Apia", "2011-12-29T23:00Z"), "2011-12-30T22:00Z")
    assert.strictEqual(
      deadline({ cron: "0 3 * * *", graceSeconds: 1_800 }, at("2026-01-05T12:00Z")),
      at("2026-01-06T03:30Z"),
    )
  })

  it("by cron that never comes is never expected", () => {
    assert.isNull(expectedBy({ cron: "0 0 30 2 *" }, 0))
    assert.isNull(deadline({ cron: "0 0 30 2 *" }, 0))
  })

  it("every second is expected after the hour that comes twice, and found in no time", () => {
    const began = process.cpuUsage()
    const due = expectedBy({ cron: "* * * * * *", timeZone: "Europe/Berlin" }, at("2026-10-25T01:00:00Z"))
    assert.strictEqual(due, at("2026-10-25T02:00:00Z"))
    assert.isBelow(process.cpuUsage(began).user / 1_000, 2_000)
  })

  it.prop(
    "by cron is expected at the first of its times that is later than the last one",
    [fields, zone, instant],
    ([fields, timeZone, last]) => {
      const due = expectedBy({ cron: textOf(fields), timeZone }, last) ?? 0
      const runs = naive(fields, timeZone, last)
      const first = Math.min(...runs.filter(({ isShown, run }) => isShown && run > last).map(({ run }) => run))
      if (runs.every(({ isShown }) => isShown)) return assert.strictEqual(due, first)
      // Where the clock is put forward, what that leaves out comes later, or has been.
      assert.isTrue(runs.some(({ run }) => run === due))
      assert.isTrue(due > last && due < first + 3_600_000)
    },
  )

  it.prop(
    "of any options is expected after the last one, or never",
    [
      fc.oneof(
        fc.record({ periodSeconds: fc.integer({ min: 10, max: 31_536_000 }) }),
        fc.record({ cron: fields.map(textOf), timeZone: fc.oneof(zone, fc.constant("Pacific/Apia")) }),
        fc.constantFrom({ cron: "0 0 29 2 *" }, { cron: "59 59 23 31 12 *" }, { cron: "* * * * * *" }),
      ),
      fc.integer({ min: 0, max: 2_592_000 }),
      instant,
    ],
    ([options, graceSeconds, last]) => {
      const all: HeartbeatOptions = { ...options, graceSeconds }
      assert.isTrue(Schema.is(heartbeatOptions)(all))
      const due = expectedBy(all, last)
      assert.isTrue(due !== null && due > last && deadline(all, last) === due + graceSeconds * 1_000)
      if ("cron" in options && due !== null) assert.strictEqual(due % 1_000, 0)
    },
  )
})
