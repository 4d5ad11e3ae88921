import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { fitted, leastStretch, mostStretch, moved, zoomed } from "../../src/monitors/detail/chart/stretch.ts"

const now = Date.parse("2026-11-29T12:34:56Z")
const minute = 60_000

const stretch = fc
  .tuple(fc.integer({ min: 0, max: 800 * 24 * 60 }), fc.integer({ min: 0, max: 800 * 24 * 60 }))
  .map(([ago, length]) => ({ from: now - (ago + length) * minute - 7, to: now - ago * minute }))

describe("the stretch of a chart", () => {
  it("is whole minutes, neither too short nor too long, and none of it is to come, whatever is done to it", () => {
    fc.assert(
      fc.property(
        stretch,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.integer({ min: -9, max: 9 }),
        (at, by, share) => {
          for (const { from, to } of [fitted(at, now), zoomed(at, by, now), moved(at, share / 4, now)]) {
            assert.strictEqual(from % minute, 0)
            assert.strictEqual(to % minute, 0)
            assert.isAtLeast(to - from, leastStretch)
            assert.isAtMost(to - from, mostStretch)
            assert.isBelow(to, now + minute)
          }
        },
      ),
    )
  })

  it("stays what it is when it fits already", () => {
    fc.assert(
      fc.property(stretch, (at) => {
        const fits = fitted(at, now)
        assert.deepStrictEqual(fitted(fits, now), fits)
      }),
    )
  })

  it("keeps its length when it is moved, and comes back from where it went", () => {
    fc.assert(
      fc.property(stretch, (at) => {
        const fits = fitted(at, now)
        const back = moved(fits, -1, now)
        assert.strictEqual(back.to - back.from, fits.to - fits.from)
        assert.deepStrictEqual(moved(back, 1, now), fits)
      }),
    )
  })

  it("ends now at the latest, with its length, when it is zoomed out at the end", () => {
    const hour = { from: now - 60 * minute, to: now }
    assert.deepStrictEqual(zoomed(fitted(hour, now), 2, now), {
      from: Math.ceil(now / minute) * minute - 120 * minute,
      to: Math.ceil(now / minute) * minute,
    })
  })
})
