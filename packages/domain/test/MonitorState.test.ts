import { assert, describe, it } from "@effect/vitest"
import { CheckStatus } from "@uptime/domain/CheckStatus"
import { applyResult, type RegionState, type Transition } from "@uptime/domain/MonitorState"
import { FastCheck as fc } from "effect"

interface Observed {
  readonly slot: number
  readonly status: CheckStatus
}

const results = fc.array(fc.record({ slot: fc.nat(30), status: fc.constantFrom(...CheckStatus.literals) }), {
  maxLength: 40,
})

const fold = (observed: ReadonlyArray<Observed>) => {
  let state: RegionState | null = null
  const transitions: Array<Transition> = []
  for (const result of observed) {
    const next = applyResult(state, result)
    state = next.state
    if (next.transition !== null) transitions.push(next.transition)
  }
  return { state, transitions }
}

/** Those results that were newer than every one before them: the only ones that count. */
const inOrder = (observed: ReadonlyArray<Observed>): ReadonlyArray<Observed> =>
  observed.filter(({ slot }, i) => observed.slice(0, i).every((earlier) => earlier.slot < slot))

describe("the state of a region", () => {
  it.prop("is that of the newest result, since the first of its run", [results], ([observed]) => {
    const counted = inOrder(observed)
    const last = counted.at(-1)
    if (last === undefined) {
      assert.isNull(fold(observed).state)
      return
    }
    const before = counted.findLastIndex(({ status }) => status !== last.status)
    assert.deepStrictEqual(fold(observed).state, {
      status: last.status,
      since: counted[before + 1]?.slot,
      lastSlot: last.slot,
    })
  })

  it.prop("changes at each result that differs from the one before, and never otherwise", [results], ([observed]) => {
    const counted = inOrder(observed)
    const expected = counted.flatMap(({ slot, status }, i): ReadonlyArray<Transition> => {
      const from = counted[i - 1]?.status ?? null
      return from === status ? [] : [{ from, to: status, at: slot }]
    })
    assert.deepStrictEqual(fold(observed).transitions, expected)
  })

  it.prop("is not moved by results that come late or twice", [results, results], ([observed, late]) => {
    const { state } = fold(observed)
    if (state === null) return
    for (const { slot, status } of late) {
      const again = applyResult(state, { slot: Math.min(slot, state.lastSlot), status })
      assert.strictEqual(again.state, state)
      assert.isNull(again.transition)
    }
  })
})
