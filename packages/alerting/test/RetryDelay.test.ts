import { assert, describe, it } from "@effect/vitest"
import { FastCheck } from "effect"
import { retryDelayMs } from "../src/RetryDelay.ts"

describe("the wait before the next try", () => {
  it("is 5 s, then three times as long each time, up to 15 minutes", () => {
    assert.deepStrictEqual(
      [0, 1, 2, 3, 4, 5, 6].map((attempts) => retryDelayMs(attempts, null) / 1000),
      [5, 15, 45, 135, 405, 900, 900],
    )
  })

  it("is what the receiver asks for, and a second at least", () => {
    assert.strictEqual(retryDelayMs(3, 20_000), 20_000)
    assert.strictEqual(retryDelayMs(3, 0), 1_000)
  })

  it("is bounded whatever happens", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.nat(), (attempts) => {
        const wait = retryDelayMs(attempts, null)
        return wait >= 5_000 && wait <= 900_000
      }),
    )
  })
})
