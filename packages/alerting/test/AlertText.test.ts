import { assert, describe, it } from "@effect/vitest"
import type { Alert } from "@uptime/alerting/Alert"
import { durationInWords, factsOf, headline, instantInUtc } from "@uptime/alerting/AlertText"
import { FastCheck as fc } from "effect"
import { anyAlert, monitor, noon, opened, reminder, resolved, updatedLater } from "./Alerts.ts"

const several: Alert = { ...opened, monitors: [monitor, { ...monitor, name: "www" }], monitorCount: 3 }
const unreachable = { resolvedBy: null, reason: "router is down" }
const byHand = { resolvedBy: "ann@example.com", reason: "We moved it.\nIt comes back tomorrow." }

describe("a headline", () => {
  const cases: ReadonlyArray<readonly [string, Alert]> = [
    ["api.example.com is down", opened],
    ["3 monitors are down", several],
    ["api.example.com is up again after 4 min 12 s", resolved],
    ["3 monitors are up again after 4 min 12 s", { ...several, ...resolved, monitors: [], monitorCount: 3 }],
    ["api.example.com: incident over after 4 min 12 s (router is down)", { ...resolved, ending: unreachable }],
    ["api.example.com: resolved by hand after 4 min 12 s", { ...resolved, ending: byHand }],
    ["3 monitors: resolved by hand after 4 min 12 s", { ...several, ...resolved, monitorCount: 3, ending: byHand }],
    ["Reminder: api.example.com has been down for 1 h", reminder],
    ["Escalated: 3 monitors have been down for 5 s", { ...several, change: "escalated" }],
    ["Acknowledged: api.example.com is down", { ...opened, change: "acknowledged" }],
    ["Acknowledged by Ann: api.example.com is down", { ...opened, change: "acknowledged", acknowledgedBy: "Ann" }],
    ["Update: 3 monitors are down", { ...several, change: "updated" }],
    ["api.example.com is degraded", { ...opened, severity: "Degraded" }],
    ["api.example.com is as good as it should be again after 4 min 12 s", { ...resolved, severity: "Degraded" }],
    ["api.example.com is down in some locations", { ...opened, severity: "Partial" }],
    ["api.example.com is down in some locations", { ...opened, change: "partial" }],
    ["api.example.com is up everywhere again after 4 min 12 s", { ...resolved, severity: "Partial" }],
    ["api.example.com is not known", { ...opened, severity: "Info" }],
    ["api.example.com keeps changing between up and down", { ...opened, change: "flapping" }],
    ["api.example.com has settled and is down", { ...opened, change: "settled" }],
    ["Update: api.example.com was down for 4 min 12 s", updatedLater],
    ["Update: 3 monitors were degraded for 4 min 12 s", { ...updatedLater, monitorCount: 3, severity: "Degraded" }],
    ["Test: api.example.com is down", { ...opened, change: "test" }],
    ["End of the test: api.example.com is down", { ...opened, change: "test", resolvedAt: opened.at }],
  ]
  it.each(cases)("%s", (text, alert) => assert.strictEqual(headline(alert), text))

  it.prop("is one short line of text, whatever things are called", [anyAlert], ([alert]) => {
    const line = headline(alert)
    assert.isAtMost(line.length, 300)
    assert.isTrue(line.isWellFormed())
    assert.notMatch(line, /\p{Cc}/u)
  })
})

describe("the facts of an alert", () => {
  it("say since when, what, why and where", () => {
    assert.deepStrictEqual(factsOf(opened), [
      { label: "Since", value: "2026-03-01T12:00:00Z (5 s)" },
      { label: "Target", value: "https://api.example.com/health" },
      { label: "Reason", value: "connection refused" },
      { label: "USA", value: "Down: connection refused" },
      { label: "India", value: "Up" },
      { label: "Tags", value: "prod, eu" },
    ])
  })

  it("say who resolved it by hand, and what they wrote", () => {
    assert.deepStrictEqual(factsOf({ ...resolved, ending: byHand }).slice(0, 3), [
      { label: "Resolved by", value: "ann@example.com" },
      { label: null, value: "We moved it." },
      { label: null, value: "It comes back tomorrow." },
    ])
  })

  it("say how long it lasted once it is over", () => {
    for (const alert of [resolved, updatedLater]) {
      const times = factsOf(alert).filter(({ label }) => label === "Lasted" || label === "Since")
      assert.deepStrictEqual(times, [
        { label: "Lasted", value: "4 min 12 s (2026-03-01T12:00:00Z to 2026-03-01T12:04:12Z)" },
      ])
    }
  })

  it("name the monitors of a larger incident, and say how many there are besides", () => {
    const monitors = Array.from({ length: 20 }, (_, i) => ({ ...monitor, name: `m${i}` }))
    const facts = factsOf({ ...opened, monitors, monitorCount: 23, title: "Region EU is down" })
    assert.deepStrictEqual(facts[0], { label: "Incident", value: "Region EU is down" })
    assert.deepStrictEqual(facts[2], { label: "m0", value: "connection refused" })
    assert.deepStrictEqual(facts.at(-1), { label: null, value: "and 3 more" })
    assert.lengthOf(facts, 23)
  })

  it("say what the incident is called where that is news", () => {
    const labels = [opened, resolved, reminder].flatMap((alert) => factsOf(alert).map(({ label }) => label))
    assert.notInclude(labels, "Incident")
    const [first] = factsOf({ ...resolved, title: "The database moved" })
    assert.deepStrictEqual(first, { label: "Incident", value: "The database moved" })
  })

  it("carry what a person wrote, line by line", () => {
    const facts = factsOf({ ...opened, note: "We are on it.\r\n\nNext news at 13:00." })
    assert.deepStrictEqual(facts.slice(0, 2), [
      { label: null, value: "We are on it." },
      { label: null, value: "Next news at 13:00." },
    ])
  })

  it("carry all of it, however long it is", () => {
    const lines = Array.from({ length: 30 }, (_, i) => `${i} ${"word ".repeat(60)}end`)
    const facts = factsOf({ ...opened, note: lines.join("\n") })
    assert.deepStrictEqual(
      facts.slice(0, 30).map(({ value }) => value),
      lines,
    )
  })

  it.prop("are few and short but for what a person wrote, and each one line", [anyAlert], ([alert]) => {
    const ending = alert.ending?.resolvedBy == null ? alert.ending : { ...alert.ending, reason: null }
    const short = factsOf({ ...alert, note: null, ending })
    assert.isAtMost(short.length, 40)
    for (const { label, value } of short) {
      assert.isAtMost((label ?? "").length, 100)
      assert.isAtMost(value.length, 300)
    }
    for (const { label, value } of factsOf(alert)) {
      assert.notMatch(`${label}${value}`, /\p{Cc}/u)
      assert.isTrue(`${label}${value}`.isWellFormed())
    }
  })
})

describe("a length of time in words", () => {
  const cases: ReadonlyArray<readonly [number, string]> = [
    [-1, "0 s"],
    [999, "0 s"],
    [1_000, "1 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [252_000, "4 min 12 s"],
    [3_600_000, "1 h"],
    [3_605_000, "1 h"],
    [3_660_000, "1 h 1 min"],
    [86_400_000, "1 d"],
    [90_061_000, "1 d 1 h"],
    [31 * 86_400_000, "31 d"],
  ]
  it.each(cases)("of %d ms is %s", (ms, words) => assert.strictEqual(durationInWords(ms), words))

  const sizes: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, min: 60, s: 1 }
  it.prop("is never more than it was, and less by less than its smallest unit", [fc.nat(10 ** 9)], ([seconds]) => {
    const parts = durationInWords(seconds * 1000).match(/\d+ \w+/g) ?? []
    const said = parts.reduce((sum, part) => {
      const [count, unit] = part.split(" ")
      return sum + Number(count) * (sizes[unit ?? ""] ?? Number.NaN)
    }, 0)
    const largest = sizes[parts[0]?.split(" ")[1] ?? ""] ?? Number.NaN
    assert.isAtMost(said, seconds)
    assert.isBelow(seconds - said, Math.max(1, largest))
  })
})

describe("an instant in UTC", () => {
  it("is told to the second", () => assert.strictEqual(instantInUtc(noon + 999), "2026-03-01T12:00:00Z"))
})
