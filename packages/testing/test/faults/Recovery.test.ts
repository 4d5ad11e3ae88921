import { assert, describe, it } from "@effect/vitest"
import { recovered, recoveredAfter, resumedAfter } from "@uptime/testing/faults/Recovery"

const looks = (...oldest: ReadonlyArray<number | null>) => oldest.map((oldestMs, i) => ({ at: 1_000 * i, oldestMs }))

describe("I8 recovery", () => {
  it("takes from the fault's end to the first look from which on all keep up for two seconds", () => {
    assert.strictEqual(recoveredAfter(looks(0, 9_000, 9_000, 500, 3_000, 500, 400, 300, 9_000), 1_000), 4_000)
  })

  it("takes no time when nothing was behind", () => {
    assert.strictEqual(recoveredAfter(looks(0, 0, 0, 0, 0), 1_000), 0)
  })

  it("is never, when the last looks found something behind, could not look, or are too few", () => {
    assert.isNull(recoveredAfter(looks(0, 9_000, 9_000), 1_000))
    assert.isNull(recoveredAfter(looks(0, 0, null), 1_000))
    assert.isNull(recoveredAfter(looks(0, 9_000, 100, 100), 0))
  })

  it("has begun when the last of the regions checks again", () => {
    const checks = [
      { region: "USA", checkedAt: 900 },
      { region: "USA", checkedAt: 1_500 },
      { region: "India", checkedAt: 2_500 },
      { region: "India", checkedAt: 2_100 },
    ]
    assert.strictEqual(resumedAfter(checks, ["USA", "India"], 1_000), 1_100)
    assert.isNull(resumedAfter(checks, ["USA", "India"], 2_400))
  })

  it("is broken when it took longer, or never was", () => {
    assert.deepStrictEqual(recovered(5_000, 5_000), [])
    assert.strictEqual(recovered(5_001, 5_000)[0]?.what, "1 recoveries: after 5001 ms, not 5000")
    assert.strictEqual(recovered(null, 5_000)[0]?.what, "1 recoveries: never")
  })
})
