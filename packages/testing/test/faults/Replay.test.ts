import { assert, describe, it } from "@effect/vitest"
import { type RegionHistory, statesAreReplayed } from "@uptime/testing/faults/Replay"

const last = (results: RegionHistory["results"]) => results.at(-1)?.status ?? null

describe("I5 state is the replay of results", () => {
  it("folds results in the order of their slots, however they were stored", () => {
    const results = [
      { slot: 3, checkedAt: 4, status: "Up" },
      { slot: 1, checkedAt: 2, status: "Down" },
    ]
    assert.deepStrictEqual(statesAreReplayed([{ name: "m", status: "Up", results }], last), [])
    assert.strictEqual(
      statesAreReplayed([{ name: "m in USA", status: "Down", results }], last)[0]?.what,
      "1 states: m in USA is Down, replayed Up",
    )
  })

  it("lets a result count that was made before one of an older slot, which then moved nothing", () => {
    const results = [
      { slot: 1, checkedAt: 30, status: "Down" },
      { slot: 2, checkedAt: 3, status: "Up" },
    ]
    for (const status of ["Up", "Down"])
      assert.deepStrictEqual(statesAreReplayed([{ name: "m", status, results }], last), [])
    assert.strictEqual(statesAreReplayed([{ name: "m", status: "Degraded", results }], last).length, 1)
  })

  it("leaves alone what cannot be told", () => {
    assert.deepStrictEqual(statesAreReplayed([{ name: "m", status: "Unknown", results: [] }], last), [])
  })
})
