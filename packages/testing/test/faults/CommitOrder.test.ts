import { assert, describe, it } from "@effect/vitest"
import { storedBeforeAcknowledged, type WorkerStep } from "@uptime/testing/faults/CommitOrder"

const step = (worker: string, what: WorkerStep["step"], ...rows: ReadonlyArray<string>): WorkerStep => ({
  worker,
  step: what,
  rows,
})

describe("I4 store before acknowledge", () => {
  it("is kept by a worker that stored, or set aside, what it acknowledges", () => {
    assert.deepStrictEqual(
      storedBeforeAcknowledged([
        step("a", "stored", "x", "y"),
        step("a", "acknowledging", "x"),
        step("a", "setAside", "z"),
        step("a", "acknowledging", "y", "z"),
      ]),
      [],
    )
  })

  it("is broken by an acknowledgement before, or of what only another worker stored", () => {
    const [broken] = storedBeforeAcknowledged([
      step("a", "acknowledging", "x"),
      step("a", "stored", "x"),
      step("b", "acknowledging", "x"),
    ])
    assert.strictEqual(broken?.what, "2 acknowledged before they were stored: x by a, x by b")
  })
})
