import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import {
  type PageSection,
  placeOf,
  sectionsByGroup,
  sectionsOf,
  sentSections,
  stepFrom,
  withMonitorAt,
  withMonitors,
  withoutMonitor,
  withPublicName,
  withSectionMoved,
} from "../../src/statusPages/sections.ts"
import { summaries } from "./summaries.ts"

/** Any sections, in which each monitor is once. */
const pages: fc.Arbitrary<ReadonlyArray<PageSection>> = fc.uniqueArray(fc.uuid(), { maxLength: 12 }).chain((ids) =>
  fc.array(fc.nat({ max: 3 }), { minLength: ids.length, maxLength: ids.length }).map((homes) =>
    [0, 1, 2, 3].map((home) => ({
      key: `k${home}`,
      name: `Section ${home}`,
      monitors: ids.filter((_, index) => homes[index] === home).map((monitorId) => ({ monitorId, name: "" })),
    })),
  ),
)

const idsOf = (sections: ReadonlyArray<PageSection>) =>
  sections.flatMap(({ monitors }) => monitors.map(({ monitorId }) => monitorId))

describe("the sections of a page", () => {
  it("keep every monitor once, wherever one is taken to, and it is there then", () => {
    fc.assert(
      fc.property(pages, fc.nat(), fc.nat({ max: 3 }), fc.nat(), (sections, which, section, where) => {
        const ids = idsOf(sections)
        fc.pre(ids.length > 0)
        const monitorId = ids[which % ids.length] ?? ""
        const others = withoutMonitor(sections, monitorId)[section]?.monitors.length ?? 0
        const to = { section, index: where % (others + 1) }
        const moved = withMonitorAt(sections, monitorId, to)
        assert.deepStrictEqual(idsOf(moved).toSorted(), ids.toSorted())
        assert.deepStrictEqual(placeOf(moved, monitorId), to)
        assert.deepStrictEqual(
          idsOf(moved).filter((id) => id !== monitorId),
          ids.filter((id) => id !== monitorId),
          "the others stay in their order",
        )
      }),
    )
  })

  it("let a monitor go step by step from the very first place to the very last, and back", () => {
    fc.assert(
      fc.property(pages, (sections) => {
        const [first] = idsOf(sections)
        fc.pre(first !== undefined)
        const walk = (from: ReadonlyArray<PageSection>, by: -1 | 1): ReadonlyArray<PageSection> => {
          let now = from
          for (let steps = 0; steps < 50; steps++) {
            const place = placeOf(now, first ?? "")
            const to = place === undefined ? undefined : stepFrom(now, place, by)
            if (to === undefined) return now
            now = withMonitorAt(now, first ?? "", to)
          }
          return assert.fail("it never came to an end")
        }
        const down = walk(sections, 1)
        assert.strictEqual(down.at(-1)?.monitors.at(-1)?.monitorId, first)
        assert.strictEqual(walk(down, -1).at(0)?.monitors.at(0)?.monitorId, first)
      }),
    )
  })

  it("take monitors that are new to the page, and no other twice", () => {
    fc.assert(
      fc.property(pages, fc.uniqueArray(fc.uuid(), { maxLength: 4 }), (sections, more) => {
        const before = idsOf(sections)
        const after = idsOf(withMonitors(sections, 1, [...more, ...before]))
        assert.lengthOf(after, new Set([...before, ...more]).size)
        assert.lengthOf(new Set(after), after.length)
      }),
    )
  })

  it("are in their order again after a section went down and up", () => {
    fc.assert(
      fc.property(pages, fc.nat({ max: 2 }), (sections, at) => {
        assert.deepStrictEqual(withSectionMoved(withSectionMoved(sections, at, 1), at + 1, -1), sections)
        assert.strictEqual(withSectionMoved(sections, 0, -1), sections)
      }),
    )
  })

  it("are sent as they came, and a public name of nothing but spaces is none", () => {
    const stored = [
      { name: "Shop", monitors: [{ monitorId: "a", publicId: "x", name: null }] },
      { name: "", monitors: [{ monitorId: "b", publicId: "y", name: "Checkout" }] },
    ]
    const sections = sectionsOf(stored)
    assert.deepStrictEqual(sentSections(sections), [
      { name: "Shop", monitors: [{ monitorId: "a", name: null }] },
      { name: "", monitors: [{ monitorId: "b", name: "Checkout" }] },
    ])
    assert.deepStrictEqual(sentSections(withPublicName(sections, "b", "  "))[1]?.monitors, [
      { monitorId: "b", name: null },
    ])
  })

  it("hold all monitors at the start, under the names of their groups", () => {
    fc.assert(
      fc.property(summaries, (monitors) => {
        const sections = sectionsByGroup(monitors)
        assert.deepStrictEqual(idsOf(sections).toSorted(), monitors.map(({ id }) => id).toSorted())
        for (const { monitors: members, name } of sections) {
          for (const { monitorId } of members) {
            assert.strictEqual(monitors.find(({ id }) => id === monitorId)?.group ?? "", name)
          }
        }
      }),
    )
  })
})
