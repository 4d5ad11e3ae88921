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

/** Of what a streak on the way down says, the mildest first. */
const mildestFirst: ReadonlyArray<CheckStatus> = ["Unknown", "Degraded", "Down"]

/** Which way a result would take a region; null where it says what the region is. */
const wayOf = (from: CheckStatus, status: CheckStatus): string | null => {
  if (status === from) return null
  if (from === "Up" || from === "Degraded") return status === "Up" ? "up" : "down"
  return status === "Up" || status === "Degraded" ? "up" : status
}

/** What a row of results of one way comes to. */
const comesTo = (way: string, row: ReadonlyArray<Observed>): CheckStatus | undefined =>
  way === "up" ? row.at(-1)?.status : mildestFirst.find((status) => row.some((one) => one.status === status))

/**
 * The rule, told of the whole history: a change is the earliest place where the results before it, back to the last one of
 * another way or to the change before, are enough of them. The history goes on after it, or with its last result where that
 * claims more: a result changes a status once at most.
 */
const naive = (observed: ReadonlyArray<Observed>, { failures, successes }: Needs): ReadonlyArray<Transition> => {
  const [first] = observed
  if (first === undefined) return []
  const begun: Transition = {
    from: null,
    to: first.status === "Down" && failures > 1 ? "Unknown" : first.status,
    at: first.slot,
  }
  const after = (from: CheckStatus, rest: ReadonlyArray<Observed>, used: number): ReadonlyArray<Transition> => {
    const ways = rest.map(({ status }) => wayOf(from, status))
    for (const [end, way] of ways.entries()) {
      if (way === null || end < used) continue
      const row = rest.slice(ways.slice(0, end).findLastIndex((other) => other !== way) + 1, end + 1)
      const to = comesTo(way, row)
      const isRecovery = to === "Up" || (from === "Down" && to === "Degraded")
      const enough = from === "Unknown" && way === "up" ? 1 : isRecovery ? successes : failures
      const [began] = row
      if (to === undefined || began === undefined || row.length < enough) continue
      const goesOn = rest[end]?.status === to ? 0 : 1
      return [{ from, to, at: began.slot }, ...after(to, rest.slice(end + 1 - goesOn), goesOn)]
    }
    return []
  }
  const goesOn = begun.to === first.status ? 0 : 1
  return [begun, ...after(begun.to, observed.slice(1 - goesOn), goesOn)]
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

  it.prop(
    "is never shown up while the last results, as many as it takes, all say something worse",
    [results, needs],
    ([observed, wanted]) => {
      const last = inOrder(observed).slice(-wanted.failures)
      if (last.length < wanted.failures || last.some(({ status }) => status === "Up")) return
      assert.notStrictEqual(fold(observed, wanted).state?.status, "Up")
    },
    { fastCheck: { numRuns: 3_000 } },
  )

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

  it("takes results that are worse in several ways together, and believes what all of them agree on at least", () => {
    const wanted = { failures: 3, successes: 2 }
    const said = (...statuses: ReadonlyArray<CheckStatus>) =>
      fold(
        statuses.map((status, slot) => ({ slot, status })),
        wanted,
      )
    assert.deepStrictEqual(said("Up", "Down", "Degraded").state?.streak, { status: "Degraded", since: 1, count: 2 })
    assert.deepStrictEqual(said("Up", "Down", "Degraded", "Down").transitions.at(-1), {
      from: "Up",
      to: "Degraded",
      at: 1,
    })
    assert.deepStrictEqual(said("Up", "Down", "Degraded", "Unknown").transitions.at(-1), {
      from: "Up",
      to: "Unknown",
      at: 1,
    })
    const degraded = ["Up", "Degraded", "Degraded", "Degraded"] as const
    assert.deepStrictEqual(said(...degraded, "Down", "Unknown", "Down").transitions.at(-1), {
      from: "Degraded",
      to: "Unknown",
      at: 4,
    })
    assert.strictEqual(said(...degraded, "Down", "Down", "Degraded", "Down").state?.status, "Degraded")
  })

  it("notices a site that gets slow before it fails as early as one that only fails", () => {
    const wanted = { failures: 2, successes: 2 }
    const said = (...statuses: ReadonlyArray<CheckStatus>) =>
      fold(
        statuses.map((status, slot) => ({ slot, status })),
        wanted,
      ).transitions.slice(1)
    assert.deepStrictEqual(said("Up", "Degraded", "Down", "Down"), [
      { from: "Up", to: "Degraded", at: 1 },
      { from: "Degraded", to: "Down", at: 2 },
    ])
    assert.deepStrictEqual(said("Up", "Unknown", "Down", "Down"), [
      { from: "Up", to: "Unknown", at: 1 },
      { from: "Unknown", to: "Down", at: 2 },
    ])
  })
})
