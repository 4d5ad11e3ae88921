import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { filterMonitors, headline, rowsOf, sortMonitors, statusCounts } from "../../src/monitors/list/filterMonitors.ts"
import { orders } from "../../src/monitors/list/listSearch.ts"
import { shownStatus } from "../../src/ui/status.ts"
import { summaries, summary } from "./summaries.ts"

describe("the list's filters", () => {
  it("without any, every monitor is shown, in its place", () => {
    fc.assert(fc.property(summaries, (monitors) => assert.deepStrictEqual(filterMonitors(monitors, {}), monitors)))
  })

  it("find a monitor by any part of its name, in any case", () => {
    fc.assert(
      fc.property(summaries, summary, fc.nat(), fc.nat(), (others, monitor, from, length) => {
        const start = from % monitor.name.length
        const q = monitor.name.slice(start, start + 1 + (length % monitor.name.length)).toUpperCase()
        fc.pre(monitor.name.toLowerCase().includes(q.trim().toLowerCase()))
        assert.include(filterMonitors([...others, monitor], { q }), monitor)
      }),
    )
  })

  it("leave the monitors of a group, and those without one never", () => {
    fc.assert(
      fc.property(summaries, fc.subarray(["Europe", "Asia"], { minLength: 1 }), (monitors, group) => {
        const left = filterMonitors(monitors, { group })
        assert.deepStrictEqual(
          left,
          monitors.filter((monitor) => group.some((each) => each === monitor.group)),
        )
      }),
    )
  })

  it("narrow one another, and the counts are what a status leaves", () => {
    fc.assert(
      fc.property(summaries, fc.subarray(["production", "shop"]), (monitors, tags) => {
        const tagged = filterMonitors(monitors, { tag: tags })
        assert.isTrue(tagged.every((monitor) => tags.every((tag) => monitor.tags.includes(tag))))
        for (const { status, count } of statusCounts(tagged)) {
          const left = filterMonitors(monitors, { tag: tags, status: [status] })
          assert.strictEqual(left.length, count)
          assert.isTrue(left.every((monitor) => shownStatus(monitor) === status))
        }
      }),
    )
  })
})

describe("the list's order", () => {
  it("keeps every monitor once, and is the same however they come", () => {
    fc.assert(
      fc.property(summaries, fc.constantFrom(...orders), (monitors, order) => {
        const sorted = sortMonitors(monitors, order)
        assert.sameMembers([...sorted], [...monitors])
        assert.deepStrictEqual(sortMonitors(sorted, order), sorted)
      }),
    )
  })

  it("shows what is down before what is up, the slowest and the least uptime first, and unknown numbers last", () => {
    fc.assert(
      fc.property(summaries, (monitors) => {
        const byStatus = sortMonitors(monitors, "status").map(shownStatus)
        assert.isTrue(
          byStatus.lastIndexOf("Down") < 0 ||
            byStatus.slice(0, byStatus.lastIndexOf("Down")).every((s) => s === "Down"),
        )
        const slow = sortMonitors(monitors, "slowest").map(({ responseTimeMs }) => responseTimeMs)
        assert.isTrue(slow.every((ms, at) => at === 0 || (slow[at - 1] ?? -1) >= (ms ?? -1)))
        const least = sortMonitors(monitors, "uptime").map(({ uptime24h }) => uptime24h)
        assert.isTrue(least.every((part, at) => at === 0 || (least[at - 1] ?? 101) <= (part ?? 101)))
      }),
    )
  })

  it("puts each group under its name once, in natural order, and those of no group last", () => {
    fc.assert(
      fc.property(summaries, (monitors) => {
        const rows = rowsOf(monitors, true)
        const names = rows.flatMap((row) => (row.kind === "group" ? [row.name] : []))
        assert.deepStrictEqual(
          names,
          ["9", "10", "Asia", "Europe", null].filter((name) => monitors.some(({ group }) => group === name)),
        )
        let group: string | null = null
        let left = 0
        for (const row of rows) {
          if (row.kind === "group") {
            assert.strictEqual(left, 0)
            group = row.name
            left = row.count
          } else {
            assert.strictEqual(row.monitor.group, group)
            left--
          }
        }
        assert.strictEqual(left, 0)
        assert.strictEqual(rows.length, monitors.length + names.length)
      }),
    )
  })
})

describe("the headline", () => {
  const at = (status: "Up" | "Down" | "Degraded", enabled = true) => ({
    ...fc.sample(summary, { numRuns: 1, seed: 1 })[0],
    status,
    enabled,
    overlay: null,
    since: "2026-01-01T00:00:00.000Z",
  })
  const list = (...of: ReadonlyArray<ReturnType<typeof at>>) =>
    of.flatMap((monitor) => fc.sample(summary, 1).map((other) => ({ ...other, ...monitor })))

  it("says the worst that is known, of what is watched", () => {
    assert.strictEqual(headline(list(at("Up"))), "Your monitor is up")
    assert.strictEqual(headline(list(at("Up"), at("Up"), at("Down", false))), "All 2 monitors are up")
    assert.strictEqual(headline(list(at("Up"), at("Down"), at("Degraded"))), "1 of 3 monitors is down")
    assert.strictEqual(headline(list(at("Up"), at("Degraded"))), "1 of 2 monitors is degraded")
    assert.strictEqual(headline(list(at("Up", false))), "All monitors are paused")
  })
})
