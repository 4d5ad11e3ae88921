import { assert, describe, it } from "@effect/vitest"
import { bounded, peaks, type Usage } from "@uptime/testing/faults/Bounds"

const usage = (rssBytes: number | null, postgresConnections: number | null): Usage => ({
  rssBytes,
  postgresConnections,
  redisConnections: 3,
  streamLength: null,
})
const limits = { rssBytes: 100, postgresConnections: 10, redisConnections: 10, streamLength: 10 }

describe("I7 bounded", () => {
  it("finds the most of each, past instants at which nothing could be asked", () => {
    assert.deepStrictEqual(peaks([usage(50, 2), usage(null, null), usage(70, 1)]), {
      rssBytes: 70,
      postgresConnections: 2,
      redisConnections: 3,
      streamLength: null,
    })
  })

  it("is broken by a single instant above a limit", () => {
    assert.deepStrictEqual(bounded([usage(100, 10), usage(null, null)], limits), [])
    assert.strictEqual(
      bounded([usage(50, 2), usage(101, 2), usage(50, 11)], limits)[0]?.what,
      "2 limits passed: rssBytes 101 of 100, postgresConnections 11 of 10",
    )
  })
})
