import { assert, describe, it } from "@effect/vitest"
import { CheckStatus } from "@uptime/domain/CheckStatus"
import { applyResult, type Needs, type RegionState, type Transition } from "@uptime/domain/MonitorState"
import { FastCheck as fc } from "effect"

interface Observed {
  readonly slot: number
  readonly status: CheckStatus
}

const results = fc.array(fc.record({ slot: fc.nat(30), status: fc.constantFrom(...CheckStatus.literals) }), {
  maxLength: 40,
})
const needs: fc.Arbitrary<Needs> = fc.record({
  failures: fc.integer({ min: 1, max: 4 }),
  successes: fc.integer({ min: 1, max: 4 }),
})

const fold = (observed: ReadonlyArray<Observed>, wanted: Needs) => {
  let state: RegionState | null = null
  const transitions: Array<Transition> = []
  for (const result of observed) {
    const next = applyResult(state, result, wanted)
    state = next.state
    if (next.transition !== null) transitions.push(next.transition)
  }
  return { state, transitions }
}

/** Those results that were newer than every one before them: the only ones that count. */
const inOrder = (observed: ReadonlyArray<Observed>): ReadonlyArray<Observed> =>
  observed.filter(({ slot }, i) => observed.slice(0, i).every((earlier) => earlier.slot < slot))

const isGood = (status: CheckStatus) => status === "Up" || status === "Degraded"

/**
 * The rule, told from the end of the results: how many of the last ones in a row would take the region from `from` to
 * what the newest says, and whether that is enough.
 */
const naive = (observed: ReadonlyArray<Observed>, { failures, successes }: Needs): ReadonlyArray<Transition> => {
  const transitions: Array<Transition> = []
  let from: CheckStatus | null = null
  let begin = 0
  for (const [i, { slot, status }] of observed.entries()) {
    if (from === null) {
      const to = status === "Down" && failures > 1 ? "Unknown" : status
      transitions.push({ from: null, to: to, at: slot })
      from = to
      begin = to === status ? i + 1 : i
      continue
    }
    if (status === from) {
      begin = i + 1
      continue
    }
    const held: CheckStatus = from
    let first = i
    while (
      first > begin &&
      (observed[first - 1]?.status === observed[first]?.status ||
        (!isGood(held) && isGood(observed[first - 1]?.status ?? "Down") && isGood(observed[first]?.status ?? "Down")))
    ) {
      first--
    }
    const enough: number =
      held === "Unknown" && isGood(status)
        ? 1
        : status === "Up" || (status === "Degraded" && held === "Down")
          ? successes
          : failures
    if (i - first + 1 < enough) continue
    transitions.push({ from: held, to: status, at: observed[first]?.slot ?? slot })
    from = status
    begin = i + 1
  }
  return transitions
}

describe("the state of a region", () => {
  it.prop(
    "changes when enough results in a row say so, at the first of them, and never otherwise",
    [results, needs],
    ([observed, wanted]) => {
      assert.deepStrictEqual(fold(observed, wanted).transitions, naive(inOrder(observed), wanted))
    },
    { fastCheck: { numRuns: 3_000 } },
  )

  it.prop("is where its last change took it", [results, needs], ([observed, wanted]) => {
    const { state, transitions } = fold(observed, wanted)
    const last = transitions.at(-1)
    assert.strictEqual(state?.status, last?.to)
    assert.strictEqual(state?.since, last?.at)
    assert.strictEqual(state?.lastSlot, inOrder(observed).at(-1)?.slot)
  })

  it.prop("is not moved by results that come late or twice", [results, results, needs], ([observed, late, wanted]) => {
    const { state } = fold(observed, wanted)
    if (state === null) return
    for (const { slot, status } of late) {
      const again = applyResult(state, { slot: Math.min(slot, state.lastSlot), status }, wanted)
      assert.strictEqual(again.state, state)
      assert.isNull(again.transition)
    }
  })

  it.prop("is what the newest result says, where one is enough", [results], ([observed]) => {
    const newest = inOrder(observed).at(-1)
    assert.strictEqual(fold(observed, { failures: 1, successes: 1 }).state?.status, newest?.status)
  })

  it("does not believe one failure, nor one success after it", () => {
    const wanted = { failures: 2, successes: 2 }
    const said = (...statuses: ReadonlyArray<CheckStatus>) =>
      fold(
        statuses.map((status, slot) => ({ slot, status })),
        wanted,
      )
    assert.strictEqual(said("Up", "Down").state?.status, "Up")
    assert.deepStrictEqual(said("Up", "Down").state?.streak, { status: "Down", since: 1, count: 1 })
    assert.strictEqual(said("Up", "Down", "Up", "Down").state?.status, "Up")
    assert.deepStrictEqual(said("Up", "Down", "Down").transitions.at(-1), { from: "Up", to: "Down", at: 1 })
    assert.strictEqual(said("Up", "Down", "Down", "Up").state?.status, "Down")
    assert.strictEqual(said("Up", "Down", "Down", "Up", "Down", "Up").state?.status, "Down")
    assert.deepStrictEqual(said("Up", "Down", "Down", "Degraded", "Up").transitions.at(-1), {
      from: "Down",
      to: "Up",
      at: 3,
    })
    assert.strictEqual(said("Down").state?.status, "Unknown")
    assert.deepStrictEqual(said("Down", "Down").transitions.at(-1), { from: "Unknown", to: "Down", at: 0 })
  })
})
