import { assert, describe, it } from "@effect/vitest"
import { coverage, durationsWithin, type StateInterval, uptimePercent } from "@uptime/domain/Uptime"
import { FastCheck as fc } from "effect"

const state = fc.constantFrom("Up" as const, "Down" as const, "Unknown" as const, "Paused" as const)

/** Intervals that do not overlap, with gaps between some, the last of which may still be open. */
const history = fc
  .tuple(fc.array(fc.tuple(state, fc.nat(8), fc.nat(4)), { maxLength: 12 }), fc.boolean())
  .map(([parts, isOpen]) => {
    const intervals: Array<StateInterval> = []
    let at = 0
    parts.forEach(([of, length, gap], i) => {
      const isLast = i === parts.length - 1
      intervals.push({ state: of, startedAt: at, endedAt: isLast && isOpen ? null : at + length })
      at += length + gap
    })
    return intervals
  })
const window = fc.tuple(fc.nat(60), fc.nat(60)).map(([from, length]) => [from, from + length] as const)
const durations = fc.record({ upMs: fc.nat(40_000_000_000), downMs: fc.nat(40_000_000_000) })

/** Asks of every millisecond in the window what the monitor was then. */
const counted = (intervals: ReadonlyArray<StateInterval>, from: number, to: number) => {
  const spent = { upMs: 0, downMs: 0 }
  for (let ms = from; ms < to; ms++) {
    const at = intervals.find(({ endedAt, startedAt }) => startedAt <= ms && (endedAt === null || ms < endedAt))
    if (at?.state === "Up") spent.upMs++
    if (at?.state === "Down") spent.downMs++
  }
  return spent
}

describe("the time up and down", () => {
  it.prop("is that of every millisecond of the window", [history, window], ([intervals, [from, to]]) => {
    assert.deepStrictEqual(durationsWithin(intervals, from, to), counted(intervals, from, to))
  })

  it.prop("of a window is the sum of its parts", [history, window, fc.nat(60)], ([intervals, [from, to], cut]) => {
    const middle = Math.min(to, from + cut)
    const first = durationsWithin(intervals, from, middle)
    const second = durationsWithin(intervals, middle, to)
    assert.deepStrictEqual(durationsWithin(intervals, from, to), {
      upMs: first.upMs + second.upMs,
      downMs: first.downMs + second.downMs,
    })
  })
})

describe("uptime", () => {
  it.prop("is the exact share, floored to three decimals", [durations], ([{ downMs, upMs }]) => {
    const known = BigInt(upMs) + BigInt(downMs)
    const expected = known === 0n ? null : Number((BigInt(upMs) * 100_000n) / known) / 1_000
    assert.strictEqual(uptimePercent({ upMs, downMs }), expected)
  })

  it.prop("is 100 only without a millisecond down, and 0 only without one in 100,000 up", [durations], ([spent]) => {
    const percent = uptimePercent(spent)
    if (percent === null) return
    assert.strictEqual(percent === 100, spent.downMs === 0)
    assert.isTrue(percent >= 0 && percent <= 100)
  })

  it("is not rounded up, nor pulled down by a binary fraction, nor made up without data", () => {
    assert.strictEqual(uptimePercent({ upMs: 29, downMs: 21 }), 58)
    assert.strictEqual(uptimePercent({ upMs: 999_999_999, downMs: 1 }), 99.999)
    assert.strictEqual(uptimePercent({ upMs: 0, downMs: 5 }), 0)
    assert.isNull(uptimePercent({ upMs: 0, downMs: 0 }))
  })
})

describe("coverage", () => {
  it.prop(
    "is the exact share of the window, floored to three decimals",
    [durations, fc.nat(40_000_000_000)],
    ([spent, gap]) => {
      const known = BigInt(spent.upMs) + BigInt(spent.downMs)
      const length = Number(known) + gap
      const expected = length === 0 ? 0 : Number((known * 1_000n) / BigInt(length)) / 1_000
      assert.strictEqual(coverage(spent, 1_000, 1_000 + length), expected)
    },
  )

  it("is nothing for a window without length, and never more than all", () => {
    assert.strictEqual(coverage({ upMs: 5, downMs: 0 }, 10, 10), 0)
    assert.strictEqual(coverage({ upMs: 5, downMs: 0 }, 10, 9), 0)
    assert.strictEqual(coverage({ upMs: 500, downMs: 0 }, 0, 10), 1)
  })
})
