import { assert, describe, it } from "@effect/vitest"
import { slopePerHour } from "@uptime/testing/faults/Slope"

const hour = 3_600_000

describe("a slope", () => {
  it("is what the best straight line rises by in an hour", () => {
    const points = [0, 1, 2, 3].map((n) => ({ at: 1_700_000_000_000 + (n * hour) / 2, value: 100 + 7 * n }))
    assert.closeTo(slopePerHour(points) ?? 0, 14, 1e-6)
  })

  it("evens out what goes up and down", () => {
    const points = [5, 9, 5, 9, 5].map((value, n) => ({ at: n * 1_000, value }))
    assert.closeTo(slopePerHour(points) ?? 1, 0, 1e-6)
  })

  it("is not told of two looks, or of looks at one instant", () => {
    assert.isNull(slopePerHour([]))
    assert.isNull(slopePerHour([1, 2].map((at) => ({ at, value: at }))))
    assert.isNull(slopePerHour([1, 2, 3].map((value) => ({ at: 1, value }))))
  })
})
