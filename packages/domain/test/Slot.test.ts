import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { MonitorId } from "@uptime/domain/Ids"
import { dueSlot, type SlotGrid, slotAfter, slotAtOrBefore, slotGrid } from "@uptime/domain/Slot"
import { FastCheck as fc } from "effect"

const id = fc.uuid().map((text) => MonitorId.make(text))
const interval = fc.integer({ min: 10, max: 86_400 })
const grid = fc.tuple(id, interval).map(([monitorId, seconds]) => slotGrid(monitorId, seconds))
/** An instant of this century or the next, with a fraction or without. */
const instant = fc.oneof(fc.integer({ min: 0, max: 7e12 }), fc.double({ min: 0, max: 7e12, noNaN: true }))

const isOnGrid = ({ intervalMs, phaseMs }: SlotGrid, time: number) => (time - phaseMs) % intervalMs === 0

describe("the grid of a monitor", () => {
  it.prop(
    "has the interval asked for and a phase within it, always the same",
    [id, interval],
    ([monitorId, seconds]) => {
      const { intervalMs, phaseMs } = slotGrid(monitorId, seconds)
      assert.strictEqual(intervalMs, seconds * 1_000)
      assert.isTrue(Number.isInteger(phaseMs) && phaseMs >= 0 && phaseMs < intervalMs)
      assert.deepStrictEqual(slotGrid(monitorId, seconds), { intervalMs, phaseMs })
    },
  )

  it.prop("has one slot in each interval, around any instant", [grid, instant], ([of, time]) => {
    const before = slotAtOrBefore(of, time)
    const after = slotAfter(of, time)
    assert.isTrue(isOnGrid(of, before) && isOnGrid(of, after))
    assert.isTrue(before <= time && time < after)
    assert.strictEqual(after - before, of.intervalMs)
    assert.strictEqual(slotAtOrBefore(of, before), before)
    assert.strictEqual(slotAtOrBefore(of, after), after)
  })

  const count = 100_000
  const parts = 180
  /** How many of the ids fall into each 180th of the interval. */
  const loads = (ids: ReadonlyArray<string>, seconds: number) => {
    const load = new Array<number>(parts).fill(0)
    for (const text of ids) {
      const { intervalMs, phaseMs } = slotGrid(MonitorId.make(text), seconds)
      const part = Math.floor((phaseMs / intervalMs) * parts)
      load[part] = (load[part] ?? 0) + 1
    }
    return load
  }

  it("spreads a hundred thousand monitors over their interval as chance would", () => {
    const ids = Array.from({ length: count }, (_, i) => {
      const hex = createHash("sha256").update(String(i)).digest("hex")
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
    })
    for (const seconds of [10, 60, 180, 3_600, 86_400]) {
      const expected = count / parts
      const chiSquare = loads(ids, seconds).reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
      // 179 degrees of freedom: three of ten thousand even spreads are above 250.
      assert.isBelow(chiSquare, 250, `interval ${seconds}`)
    }
  })

  it("spreads ids that differ in a few digits only, as those of one import may, within a quarter", () => {
    const ids = Array.from({ length: count }, (_, i) => `018f2b6c-7a00-7000-8000-${i.toString(16).padStart(12, "0")}`)
    for (const seconds of [10, 60, 180, 3_600, 86_400]) {
      for (const load of loads(ids, seconds)) assert.closeTo(load / (count / parts), 1, 0.25, `interval ${seconds}`)
    }
  })
})

describe("a due monitor", () => {
  it.prop(
    "is checked for the newest slot it has missed, and then due at the next",
    [grid, instant, fc.nat(10_000_000)],
    ([of, nextCheckAt, late]) => {
      const now = nextCheckAt + late
      const due = dueSlot(of, nextCheckAt, now)
      assert.isTrue(nextCheckAt <= due.slot && due.slot <= now)
      assert.isTrue(due.slot === nextCheckAt || isOnGrid(of, due.slot))
      assert.isTrue(isOnGrid(of, due.nextCheckAt))
      assert.isTrue(due.nextCheckAt > now && due.nextCheckAt - now <= of.intervalMs)
      // Nothing between the slot and now was left out.
      if (slotAfter(of, due.slot) <= now) assert.fail("a newer slot was due")
    },
  )

  it.prop(
    "is never checked twice for a slot, and misses none while its producer is punctual",
    [grid, instant, fc.array(fc.nat(50_000), { minLength: 1, maxLength: 50 })],
    ([of, createdAt, delays]) => {
      let next = createdAt
      let last = Number.NEGATIVE_INFINITY
      for (const delay of delays) {
        const due = dueSlot(of, next, next + delay)
        assert.isAbove(due.slot, last)
        if (delay === 0) assert.strictEqual(due.slot, next)
        if (delay < of.intervalMs && isOnGrid(of, next)) assert.strictEqual(due.nextCheckAt, next + of.intervalMs)
        last = due.slot
        next = due.nextCheckAt
      }
    },
  )
})
