import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import type { MonitorSummary } from "../../src/api/types.ts"
import { readLabelSearch, reportWindows } from "../../src/tags/labelSearch.ts"
import { type LabelKind, type labelOrders, labelsOf, namesOf, sortLabels } from "../../src/tags/labels.ts"
import { type LabelEdit, naming, relabelling } from "../../src/tags/relabel.ts"
import { summaries } from "./summaries.ts"

const kinds = fc.constantFrom<LabelKind>("tag", "group")
const name = fc.constantFrom("production", "shop", "Europe", "Asia", "new")

const edited = (monitors: ReadonlyArray<MonitorSummary>, edits: ReadonlyArray<LabelEdit>) => {
  const byId = new Map(edits.map(({ id, monitor }) => [id, monitor]))
  return monitors.map((monitor) => ({ ...monitor, ...byId.get(monitor.id) }))
}

describe("tags and groups", () => {
  it("are named by the maintenances that are over them, each kind by itself", () => {
    const one = { tags: ["shop"], groups: [] }
    const other = { tags: [], groups: ["shop"] }
    assert.deepStrictEqual(naming("tag", [one, other], "shop"), [one])
    assert.deepStrictEqual(naming("group", [one, other], "shop"), [other])
    assert.deepStrictEqual(naming("tag", [one, other], "sho"), [])
  })

  it("count each monitor once under every name that it has, by its status", () => {
    fc.assert(
      fc.property(kinds, summaries, (kind, monitors) => {
        for (const { count, name: label, statuses } of labelsOf(kind, monitors, [])) {
          assert.strictEqual(count, monitors.filter((monitor) => namesOf(kind, monitor).includes(label)).length)
          assert.strictEqual(
            statuses.reduce((sum, each) => sum + each.count, 0),
            count,
          )
        }
      }),
    )
  })

  it("show how they did, by their names, and those without a number come last", () => {
    const monitors = ["production", "shop", "api"].map((tag) => ({ ...base, id: tag, tags: [tag] }))
    const row = (key: string, uptime: number | null, outages: number) => ({
      key,
      monitorId: null,
      monitorCount: 1,
      uptime,
      upMs: 0,
      downMs: 0,
      outages,
      meanTimeToDetectMs: null,
      meanTimeToRecoverMs: null,
    })
    const labels = labelsOf("tag", monitors, [row("shop", 99.5, 4), row("production", 90, 1)])
    const names = (order: (typeof labelOrders)[number]) => sortLabels(labels, order).map((label) => label.name)
    assert.deepStrictEqual(names("name"), ["api", "production", "shop"])
    assert.deepStrictEqual(names("uptime"), ["production", "shop", "api"])
    assert.deepStrictEqual(names("outages"), ["shop", "production", "api"])
  })

  it("are gone under their old name after a change, and all is as it was when that is taken back", () => {
    fc.assert(
      fc.property(kinds, summaries, name, fc.option(name), (kind, monitors, from, to) => {
        fc.pre(from !== to)
        const { edits, undo } = relabelling(kind, monitors, from, to)
        const after = edited(monitors, edits)
        for (const [index, monitor] of monitors.entries()) {
          const now = after[index]
          const had = namesOf(kind, monitor)
          const has = now === undefined ? [] : namesOf(kind, now)
          assert.notInclude(has, from)
          assert.lengthOf(new Set(has), has.length)
          if (had.includes(from) && to !== null) assert.include(has, to)
          if (!had.includes(from)) assert.deepStrictEqual(has, had)
        }
        assert.deepStrictEqual(edited(after, undo), [...monitors])
      }),
    )
  })

  it("are read from the address as they were written there, and what means nothing is left out", () => {
    for (const window of reportWindows) {
      assert.deepStrictEqual(readLabelSearch({ window, by: "group" }), {
        by: "group",
        ...(window === "30d" ? {} : { window }),
      })
    }
    assert.deepStrictEqual(readLabelSearch({ window: "2d", by: "monitor", order: 7 }), {})
  })
})

const base: MonitorSummary = {
  id: "",
  name: "Monitor",
  url: "https://example.com/",
  kind: "http",
  group: null,
  tags: [],
  enabled: true,
  intervalSeconds: 60,
  status: "Up",
  since: null,
  overlay: null,
  regions: [],
  responseTimeMs: null,
  checkedAt: null,
  uptime24h: null,
}
