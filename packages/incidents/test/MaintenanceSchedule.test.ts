import { assert, describe, it } from "@effect/vitest"
import { MaintenancePlan } from "@uptime/incidents/MaintenancePlan"
import {
  endWindow,
  maxWindows,
  nextWindow,
  nextWindows,
  windowAt,
  windowsBetween,
} from "@uptime/incidents/MaintenanceSchedule"
import { Either, FastCheck as fc, Schema } from "effect"

const at = (iso: string) => Date.parse(iso)
const iso = (instant: number | null) => (instant === null ? "open" : `${new Date(instant).toISOString().slice(0, 16)}Z`)
const decode = Schema.decodeUnknownSync(MaintenancePlan)
const hourMs = 3_600_000
const dayMs = 24 * hourMs

const recurring = (rule: string, start: string, timeZone: string, durationMinutes = 60) =>
  decode({ kind: "recurring", rule, start, timeZone, durationMinutes })

const listed = (plan: MaintenancePlan, from: string, to: string) =>
  windowsBetween(plan, at(from), at(to)).map(({ endsAt, startsAt }) => `${iso(startsAt)} ${iso(endsAt)}`)

describe("a recurring maintenance", () => {
  it("02:30 in Berlin: at 03:30 where there is no 02:30, the first time where there are two", () => {
    const plan = recurring("FREQ=DAILY", "2026-01-01T02:30", "Europe/Berlin")
    assert.deepStrictEqual(listed(plan, "2026-03-28T00:00Z", "2026-03-30T12:00Z"), [
      "2026-03-28T01:30Z 2026-03-28T02:30Z",
      "2026-03-29T01:30Z 2026-03-29T02:30Z",
      "2026-03-30T00:30Z 2026-03-30T01:30Z",
    ])
    assert.deepStrictEqual(listed(plan, "2026-10-24T00:00Z", "2026-10-26T12:00Z"), [
      "2026-10-24T00:30Z 2026-10-24T01:30Z",
      "2026-10-25T00:30Z 2026-10-25T01:30Z",
      "2026-10-26T01:30Z 2026-10-26T02:30Z",
    ])
  })

  it("in New York", () => {
    const spring = recurring("FREQ=WEEKLY;BYDAY=SU", "2026-03-01T02:30", "America/New_York")
    assert.deepStrictEqual(listed(spring, "2026-03-01T00:00Z", "2026-03-20T00:00Z"), [
      "2026-03-01T07:30Z 2026-03-01T08:30Z",
      "2026-03-08T07:30Z 2026-03-08T08:30Z",
      "2026-03-15T06:30Z 2026-03-15T07:30Z",
    ])
    const autumn = recurring("FREQ=DAILY;COUNT=2", "2026-11-01T01:30", "America/New_York", 120)
    assert.deepStrictEqual(listed(autumn, "2026-10-01T00:00Z", "2026-12-01T00:00Z"), [
      "2026-11-01T05:30Z 2026-11-01T07:30Z",
      "2026-11-02T06:30Z 2026-11-02T08:30Z",
    ])
  })

  it("on Lord Howe Island, where clocks move by half an hour", () => {
    const spring = recurring("FREQ=DAILY;COUNT=3", "2026-10-03T02:15", "Australia/Lord_Howe")
    assert.deepStrictEqual(listed(spring, "2026-10-01T00:00Z", "2026-10-10T00:00Z"), [
      "2026-10-02T15:45Z 2026-10-02T16:45Z",
      "2026-10-03T15:45Z 2026-10-03T16:45Z",
      "2026-10-04T15:15Z 2026-10-04T16:15Z",
    ])
    const autumn = recurring("FREQ=DAILY;COUNT=2", "2026-04-05T01:45", "Australia/Lord_Howe")
    assert.deepStrictEqual(listed(autumn, "2026-04-01T00:00Z", "2026-04-10T00:00Z"), [
      "2026-04-04T14:45Z 2026-04-04T15:45Z",
      "2026-04-05T15:15Z 2026-04-05T16:15Z",
    ])
  })

  it("in Apia, where a whole day was left out: that day's is the next day's", () => {
    const plan = recurring("FREQ=DAILY", "2011-12-28T10:00", "Pacific/Apia")
    assert.deepStrictEqual(listed(plan, "2011-12-28T00:00Z", "2012-01-01T00:00Z"), [
      "2011-12-28T20:00Z 2011-12-28T21:00Z",
      "2011-12-29T20:00Z 2011-12-29T21:00Z",
      "2011-12-30T20:00Z 2011-12-30T21:00Z",
      "2011-12-31T20:00Z 2011-12-31T21:00Z",
    ])
  })

  it("over midnight, and across both changes of the clock, lasts its minutes by any clock", () => {
    const plan = recurring("FREQ=WEEKLY;BYDAY=SA", "2026-01-03T23:30", "Europe/Berlin", 240)
    assert.deepStrictEqual(listed(plan, "2026-03-28T00:00Z", "2026-03-30T00:00Z"), [
      "2026-03-28T22:30Z 2026-03-29T02:30Z",
    ])
    assert.deepStrictEqual(listed(plan, "2026-10-24T00:00Z", "2026-10-26T00:00Z"), [
      "2026-10-24T21:30Z 2026-10-25T01:30Z",
    ])
    assert.deepStrictEqual(windowAt(plan, at("2026-03-29T02:29:59Z")), {
      startsAt: at("2026-03-28T22:30Z"),
      endsAt: at("2026-03-29T02:30Z"),
    })
    assert.isNull(windowAt(plan, at("2026-03-29T02:30Z")))
  })

  it("on days that not every year or month has, comes in those that have them", () => {
    const leap = recurring("FREQ=YEARLY", "2024-02-29T12:00", "UTC")
    assert.deepStrictEqual(listed(leap, "2025-01-01T00:00Z", "2034-01-01T00:00Z"), [
      "2028-02-29T12:00Z 2028-02-29T13:00Z",
      "2032-02-29T12:00Z 2032-02-29T13:00Z",
    ])
    const last = recurring("FREQ=MONTHLY", "2026-01-31T00:00", "UTC")
    assert.deepStrictEqual(
      windowsBetween(last, at("2026-01-01"), at("2026-07-01")).map(({ startsAt }) => iso(startsAt).slice(5, 10)),
      ["01-31", "03-31", "05-31"],
    )
    const workday = recurring("RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-01T22:00", "UTC")
    assert.deepStrictEqual(
      windowsBetween(workday, at("2026-01-01"), at("2026-06-01")).map(({ startsAt }) => iso(startsAt).slice(5, 10)),
      ["01-30", "02-27", "03-31", "04-30", "05-29"],
    )
  })

  it("ends with its UNTIL: a date to its end, an instant as the zone's clock shows it", () => {
    const lastOf = (until: string) =>
      iso(
        windowsBetween(
          recurring(`FREQ=DAILY;UNTIL=${until}`, "2026-01-01T20:00", "America/New_York"),
          0,
          at("2026-03-01"),
        ).at(-1)?.startsAt ?? null,
      )
    assert.strictEqual(lastOf("20260105"), "2026-01-06T01:00Z")
    assert.strictEqual(lastOf("20260105T200000"), "2026-01-06T01:00Z")
    assert.strictEqual(lastOf("20260105T195959"), "2026-01-05T01:00Z")
    assert.strictEqual(lastOf("20260106T010000Z"), "2026-01-06T01:00Z")
    assert.strictEqual(lastOf("20260106T005959Z"), "2026-01-05T01:00Z")
  })

  it("that begins again before it has ended is cut short: no time is in two windows", () => {
    const plan = recurring("FREQ=HOURLY;COUNT=3", "2026-01-01T00:00", "UTC", 90)
    assert.deepStrictEqual(listed(plan, "2026-01-01T00:00Z", "2026-01-02T00:00Z"), [
      "2026-01-01T00:00Z 2026-01-01T01:00Z",
      "2026-01-01T01:00Z 2026-01-01T02:00Z",
      "2026-01-01T02:00Z 2026-01-01T03:30Z",
    ])
  })

  it("is ended early in one window, and not in the next, and stays so when that is ended early too", () => {
    const plan = endWindow(recurring("FREQ=DAILY;COUNT=2", "2026-01-01T00:00", "UTC"), at("2026-01-01T00:20Z"))
    assert.deepStrictEqual(listed(plan, "2026-01-01T00:00Z", "2026-02-01T00:00Z"), [
      "2026-01-01T00:00Z 2026-01-01T00:20Z",
      "2026-01-02T00:00Z 2026-01-02T01:00Z",
    ])
    assert.isNull(windowAt(plan, at("2026-01-01T00:30Z")))
    assert.strictEqual(endWindow(plan, at("2026-01-01T00:30Z")), plan)
    const twice = endWindow(plan, at("2026-01-02T00:30Z"))
    assert.deepStrictEqual(listed(twice, "2026-01-01T00:00Z", "2026-02-01T00:00Z"), [
      "2026-01-01T00:00Z 2026-01-01T00:20Z",
      "2026-01-02T00:00Z 2026-01-02T00:30Z",
    ])
    assert.deepStrictEqual(decode(Schema.encodeSync(MaintenancePlan)(twice)), twice)
  })
})

describe("a maintenance that is planned once, or begun by hand", () => {
  const single = decode({ kind: "single", from: "2026-01-05T12:00:00Z", to: "2026-01-05T14:00:00Z" })
  const manual = decode({ kind: "manual", from: "2026-01-05T12:00:00Z", endedAt: null })

  it("has one window", () => {
    assert.deepStrictEqual(listed(single, "2026-01-05T13:59Z", "2027-01-01T00:00Z"), [
      "2026-01-05T12:00Z 2026-01-05T14:00Z",
    ])
    assert.deepStrictEqual(listed(single, "2026-01-05T14:00Z", "2027-01-01T00:00Z"), [])
    assert.deepStrictEqual(listed(manual, "2030-01-01T00:00Z", "2031-01-01T00:00Z"), ["2026-01-05T12:00Z open"])
    assert.deepStrictEqual(nextWindows(manual, 0, 5), [{ startsAt: at("2026-01-05T12:00Z"), endsAt: null }])
    assert.deepStrictEqual(nextWindow(manual, 0), { startsAt: at("2026-01-05T12:00Z"), endsAt: null })
    assert.isNull(nextWindow(manual, at("2026-01-05T12:00Z")))
  })

  it("is over when it is ended", () => {
    for (const plan of [single, manual]) {
      const ended = endWindow(plan, at("2026-01-05T12:30Z"))
      assert.deepStrictEqual(listed(ended, "2026-01-01T00:00Z", "2027-01-01T00:00Z"), [
        "2026-01-05T12:00Z 2026-01-05T12:30Z",
      ])
      assert.strictEqual(endWindow(ended, at("2026-01-05T12:30Z")), ended)
      assert.strictEqual(endWindow(plan, at("2026-01-05T11:00Z")), plan)
    }
  })
})

describe("a plan", () => {
  const good = {
    kind: "recurring",
    rule: "FREQ=DAILY",
    start: "2026-01-01T00:00",
    timeZone: "UTC",
    durationMinutes: 60,
  }

  for (const [rule, why] of [
    ["FREQ=MINUTELY", "at most hourly"],
    ["FREQ=SECONDLY;INTERVAL=1000", "at most hourly"],
    ["FREQ=DAILY;BYMINUTE=0,1,2,3", "no part of a rule"],
    ["FREQ=DAILY;BYSECOND=0", "no part of a rule"],
    ["RSCALE=CHINESE;FREQ=DAILY", "no part of a rule"],
    ["FREQ=DAILY\nRRULE:FREQ=SECONDLY", "no part of a rule"],
    ["DTSTART:20260101T000000;FREQ=DAILY", "no part of a rule"],
    ["FREQ=DAILY;FREQ=WEEKLY", "given twice"],
    ["INTERVAL=2", "needs FREQ"],
    ["FREQ=DAILY;COUNT=1001", "COUNT cannot be 1001"],
    ["FREQ=DAILY;COUNT=0", "COUNT cannot be 0"],
    ["FREQ=DAILY;INTERVAL=0", "INTERVAL cannot be 0"],
    ["FREQ=DAILY;BYHOUR=24", "BYHOUR cannot be 24"],
    ["FREQ=DAILY;BYDAY=XX", "BYDAY cannot be XX"],
    ["FREQ=DAILY;BYDAY=", "BYDAY cannot be empty"],
    ["FREQ=DAILY;COUNT=2;UNTIL=20260201", "either COUNT or UNTIL"],
    ["FREQ=WEEKLY;BYMONTHDAY=3", "contradict"],
    ["FREQ=WEEKLY;BYDAY=2MO", "contradict"],
    ["FREQ=DAILY;UNTIL=20260231T000000Z", "no such date"],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "does not come true"],
    ["FREQ=HOURLY;INTERVAL=24;BYHOUR=5", "does not come true"],
    ["FREQ=DAILY;UNTIL=20250101", "does not come true"],
    [`FREQ=DAILY;BYHOUR=${Array.from({ length: 250 }, () => 1).join()}`, "500"],
    ["", "at least 1"],
  ] as const) {
    it(`is refused with the rule ${JSON.stringify(rule.slice(0, 40))}`, () => {
      const result = Schema.decodeUnknownEither(MaintenancePlan)({ ...good, rule })
      assert.include(Either.match(result, { onLeft: String, onRight: () => "accepted" }), why)
    })
  }

  it("is refused where its times are none", () => {
    const isPlan = (plan: unknown) => Either.isRight(Schema.decodeUnknownEither(MaintenancePlan)(plan))
    assert.isTrue(isPlan(good))
    for (const wrong of [
      { start: "2026-02-29T00:00" },
      { start: "2026-01-01" },
      { start: "2026-01-01T24:00" },
      { timeZone: "+01:00" },
      { timeZone: "Mars/Olympus" },
      { durationMinutes: 0 },
      { durationMinutes: 10_081 },
      { durationMinutes: 1.5 },
    ]) {
      assert.isFalse(isPlan({ ...good, ...wrong }), JSON.stringify(wrong))
    }
    const from = "2026-01-05T12:00:00Z"
    assert.isFalse(isPlan({ kind: "single", from, to: from }))
    assert.isFalse(isPlan({ kind: "single", from, to: "2028-01-05T12:00:00Z" }))
  })

  it("that is hostile costs no more than any other", () => {
    const rules = [
      "FREQ=HOURLY",
      "FREQ=HOURLY;INTERVAL=999;BYYEARDAY=366",
      "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
      "FREQ=YEARLY;INTERVAL=1000",
      "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23",
      "FREQ=DAILY;COUNT=1000;BYMONTH=2;BYMONTHDAY=29",
      "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU",
    ]
    for (const rule of rules) {
      const plan: MaintenancePlan = {
        kind: "recurring",
        rule,
        start: "1970-01-01T00:30",
        timeZone: "Australia/Lord_Howe",
        durationMinutes: 10_080,
      }
      const began = process.cpuUsage()
      for (const instant of [0, at("2026-01-01"), at("2500-01-01"), 8.64e15]) {
        assert.isAtMost(windowsBetween(plan, instant, Number.MAX_SAFE_INTEGER).length, maxWindows)
        windowAt(plan, instant)
        nextWindow(plan, instant)
      }
      assert.isBelow(process.cpuUsage(began).user / 1_000, 2_000, rule)
    }
    assert.strictEqual(
      windowsBetween(recurring("FREQ=HOURLY", "1970-01-01T00:00", "UTC"), 0, at("2026-01-01")).length,
      maxWindows,
    )
  })
})

const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
const rule = fc.constantFrom(
  "FREQ=HOURLY",
  "FREQ=HOURLY;INTERVAL=5",
  "FREQ=DAILY",
  "FREQ=DAILY;BYHOUR=1,2,3",
  "FREQ=WEEKLY;BYDAY=SU,MO",
  "FREQ=MONTHLY;BYDAY=-1SU",
  "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
)
const plan = fc.record({
  kind: fc.constant("recurring" as const),
  rule,
  start: fc.constantFrom("2011-01-01T02:30", "2011-01-01T01:45", "2011-12-30T00:15", "2020-02-29T23:59"),
  timeZone: zone,
  durationMinutes: fc.constantFrom(1, 30, 60, 1_440, 10_080),
})
const instant = fc.oneof(
  fc.integer({ min: at("2011-01-01"), max: at("2030-01-01") }),
  fc
    .tuple(
      fc.constantFrom("2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-10-03", "2026-04-04", "2011-12-30"),
      fc.integer({ min: -2 * dayMs, max: 2 * dayMs }),
    )
    .map(([day, by]) => at(day) + by),
)

describe("the windows of a plan", () => {
  it.prop(
    "are in order, share no time, and last as long as they should",
    [plan, instant, fc.integer({ min: 1, max: 40 })],
    ([plan, from, days]) => {
      const windows = windowsBetween(plan, from, from + days * dayMs)
      for (const [i, { endsAt, startsAt }] of windows.entries()) {
        assert.isTrue(endsAt !== null && endsAt > from && startsAt < from + days * dayMs)
        const next = windows[i + 1]?.startsAt ?? nextWindow(plan, startsAt)?.startsAt ?? Number.POSITIVE_INFINITY
        assert.strictEqual(endsAt, Math.min(startsAt + plan.durationMinutes * 60_000, next))
        assert.isAbove(next, startsAt)
      }
    },
  )

  it.prop(
    "are the same whichever part of time is asked for",
    [plan, instant, fc.nat(20 * dayMs), fc.nat(20 * dayMs)],
    ([plan, from, first, second]) => {
      const middle = from + first
      const to = middle + second
      const whole = windowsBetween(plan, from, to)
      const parts = [...windowsBetween(plan, from, middle), ...windowsBetween(plan, middle, to)]
      assert.deepStrictEqual([...new Map(parts.map((window) => [window.startsAt, window])).values()], whole)
      assert.deepStrictEqual(
        windowAt(plan, middle),
        whole.find(({ endsAt, startsAt }) => startsAt <= middle && (endsAt ?? 0) > middle) ?? windowAt(plan, middle),
      )
      const next = nextWindow(plan, from)
      assert.deepStrictEqual(whole.find(({ startsAt }) => startsAt > from) ?? next, next)
    },
  )
})
