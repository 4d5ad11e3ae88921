import { assert, describe, it } from "@effect/vitest"
import { isolated, quantile } from "@uptime/testing/faults/Isolation"

const hundred = (of: (n: number) => number) => Array.from({ length: 100 }, (_, n) => of(n + 1))

describe("I9 isolation", () => {
  it("compares p95", () => {
    assert.strictEqual(
      quantile(
        hundred((n) => n),
        0.95,
      ),
      95,
    )
    assert.deepStrictEqual(
      isolated(
        hundred((n) => n * 10),
        hundred((n) => n * 12),
        0,
      ),
      [],
    )
    assert.strictEqual(
      isolated(
        hundred((n) => n * 10),
        hundred((n) => n * 13),
        0,
      )[0]?.what,
      "1 of those that the fault does not concern: p95 1235 ms, before 950 ms",
    )
  })

  it("allows a little more where times are short", () => {
    assert.deepStrictEqual(isolated([10, 10, 10], [40, 40, 40], 50), [])
  })

  it("is broken where nothing is stored any more", () => {
    assert.strictEqual(
      isolated([10], [], 50)[0]?.what,
      "1 of those that the fault does not concern: nothing was stored",
    )
  })
})
