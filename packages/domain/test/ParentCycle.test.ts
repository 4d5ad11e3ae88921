import { assert, describe, it } from "@effect/vitest"
import { MonitorId } from "@uptime/domain/Ids"
import { findParentCycle } from "@uptime/domain/ParentCycle"
import { FastCheck as fc } from "effect"

const idOf = (n: number) => MonitorId.make(`0190a5f4-0000-7000-8000-${n.toString(16).padStart(12, "0")}`)

const graph = (edges: ReadonlyArray<readonly [child: number, parent: number]>) => {
  const parents = new Map<MonitorId, Array<MonitorId>>()
  for (const [child, parent] of edges) {
    const known = parents.get(idOf(child)) ?? []
    parents.set(idOf(child), [...known, idOf(parent)])
  }
  return parents
}

/** Whether there is a circle: what has no parents is taken away until nothing, or only circles and what lies behind, is left. */
const hasCycle = (edges: ReadonlyArray<readonly [number, number]>): boolean => {
  let left = edges
  for (;;) {
    const children = new Set(left.map(([child]) => child))
    const next = left.filter(([, parent]) => children.has(parent))
    if (next.length === left.length) return next.length > 0
    left = next
  }
}

const edges = fc.array(fc.tuple(fc.nat(8), fc.nat(8)), { maxLength: 14 })

describe("findParentCycle", () => {
  it("finds a circle exactly where there is one, and walks it along its parents", () => {
    let circles = 0
    fc.assert(
      fc.property(edges, (given) => {
        const parents = graph(given)
        const cycle = findParentCycle(parents)
        assert.strictEqual(cycle !== null, hasCycle(given))
        if (cycle === null) return
        circles++
        assert.strictEqual(cycle[0], cycle.at(-1))
        assert.strictEqual(new Set(cycle).size, cycle.length - 1)
        for (const [i, id] of cycle.slice(1).entries()) assert.isTrue(parents.get(cycle[i] ?? id)?.includes(id))
      }),
      { numRuns: 1_000 },
    )
    assert.isAbove(circles, 100)
  })

  it("tells a monitor that is its own parent", () => {
    assert.deepStrictEqual(findParentCycle(graph([[1, 1]])), [idOf(1), idOf(1)])
  })

  it("walks chains of any length, and wide ones once", () => {
    const chain = Array.from({ length: 20_000 }, (_, n) => [n, n + 1] as const)
    assert.isNull(findParentCycle(graph(chain)))
    const layers = Array.from({ length: 60 }, (_, layer) =>
      [0, 1, 2].flatMap((child) => [0, 1, 2].map((parent) => [layer * 3 + child, layer * 3 + 3 + parent] as const)),
    )
    assert.isNull(findParentCycle(graph(layers.flat())))
  })
})
