import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { withoutMonitors, withResults } from "../../src/api/patches.ts"
import { summaries } from "./summaries.ts"

const time = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString())

const withNews = summaries.chain((monitors) =>
  fc.tuple(
    fc.constant(monitors),
    fc.uniqueArray(
      fc.record({
        monitorId: fc.constantFrom("unknown", ...monitors.map(({ id }) => id)),
        checkedAt: time,
        responseTimeMs: fc.option(fc.nat()),
      }),
      { selector: ({ checkedAt }) => checkedAt },
    ),
  ),
)

describe("new results in the list", () => {
  it("are the same in whatever order and however often they come, one by one or together", () => {
    fc.assert(
      fc.property(withNews, ([monitors, results]) => {
        const together = withResults(monitors, results)
        const singly = results
          .toReversed()
          .reduce<typeof together>((list, result) => withResults(list, [result]), monitors)
        assert.deepStrictEqual(singly, together)
        assert.strictEqual(withResults(together, results), together)
      }),
    )
  })

  it("leave nothing older than what was known, and nothing but time and response time is touched", () => {
    fc.assert(
      fc.property(withNews, ([monitors, results]) => {
        withResults(monitors, results).forEach((after, at) => {
          const before = monitors[at]
          const newest = results
            .filter(({ monitorId }) => monitorId === after.id)
            .map(({ checkedAt }) => checkedAt)
            .concat(before?.checkedAt ?? [])
            .toSorted()
            .at(-1)
          assert.strictEqual(after.checkedAt ?? undefined, newest)
          assert.deepStrictEqual(
            { ...after, checkedAt: null, responseTimeMs: null },
            { ...before, checkedAt: null, responseTimeMs: null },
          )
        })
      }),
    )
  })
})

describe("deleted monitors", () => {
  it("are gone, and all others are where they were", () => {
    fc.assert(
      fc.property(summaries, fc.infiniteStream(fc.boolean()), (monitors, coins) => {
        const gone = new Set(monitors.filter(() => coins.next().value === true).map(({ id }) => id))
        const left = withoutMonitors(monitors, gone)
        assert.strictEqual(left.length, monitors.length - gone.size)
        assert.isTrue(left.every(({ id }) => !gone.has(id)))
      }),
    )
  })
})
