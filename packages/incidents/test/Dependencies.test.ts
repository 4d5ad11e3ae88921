import { assert, describe, it } from "@effect/vitest"
import type { MonitorId } from "@uptime/domain/Ids"
import { slotGrid } from "@uptime/domain/Slot"
import { FastCheck as fc } from "effect"
import { channel, channelId, type MonitorOptions, Owner } from "./Owner.ts"

const minute = 60
const hour = 60 * minute

/** A router and what lies behind it. */
const behind = (count: number, channels = [channel(1), channel(2)]) => {
  const owner = new Owner(channels)
  const router = owner.monitor(1, "router")
  const children = Array.from({ length: count }, (_, i) =>
    owner.monitor(i + 2, `host ${i + 1}`, { parents: [router], host: `h${i + 1}.example` }),
  )
  return { owner, router, children }
}

describe("a monitor behind one that is down", () => {
  it.prop(
    "500 of them and their parent, failing in any order: one incident, told once to each channel",
    [fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 10 })],
    ([seed, batches]) => {
      const { children, owner, router } = behind(500)
      const order = shuffled([router, ...children], seed)
      // All within the hold of the first.
      for (let batch = 0; batch < batches; batch++) {
        owner.until(batch * 5)
        for (const [i, id] of order.entries()) if (i % batches === batch) owner.turns(id, "Down", 1)
      }
      owner.until(hour)
      assert.deepStrictEqual(
        owner.received
          .map(({ change, channel, title }) => [channel, change, title])
          .filter(([, change]) => change === "opened")
          .map(([channel]) => channel),
        [channelId(1), channelId(2)],
      )
      assert.strictEqual(owner.received.length, 2)
      assert.strictEqual(owner.world.incidents.length, 1)
      assert.strictEqual(owner.world.incidents[0]?.title, "router is down, 500 monitors behind it unreachable")
      for (const id of children) assert.strictEqual(owner.get(id).overlay, "Unreachable")
      owner.turns(router, "Up")
      owner.until(2 * hour)
      assert.strictEqual(owner.received.length, 4)
      assert.deepStrictEqual(owner.world.incidents, [])
      for (const id of children) assert.deepInclude(owner.get(id), { overlay: null, status: "Unknown" })
    },
    { fastCheck: { numRuns: 10 } },
  )

  it.prop(
    "500 of them, each found at its own time of three minutes, and their parent as soon as it is asked for: one incident, told once",
    [fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.constantFrom(0, 0.5, 1), fc.constantFrom(0, 1)],
    ([seed, refused, refusedByParent]) => {
      const { children, owner, router } = behind(500)
      const random = randomOf(seed)
      const phaseOf = (id: MonitorId) => (slotGrid(id, 180).phaseMs / 1_000 + seed) % 180
      /** How long a check takes that is refused at once, in so many of one, or else by neither of its two tries of 10 s. */
      const checking = (share: number) => (random() < share ? 1 : 21)
      /** When a monitor was first checked, and seen to fail, and when that was confirmed; judged every five seconds. */
      const confirmed = (id: MonitorId, first: number, share: number) => {
        const noticed = first + checking(share)
        return { id, first, noticed, at: Math.ceil((noticed + 30 + checking(share)) / 5) * 5 }
      }
      const found = children.map((id) => confirmed(id, phaseOf(id), refused))
      const asked = Math.min(...found.map(({ noticed }) => noticed)) + 30
      const parent = confirmed(router, Math.min(asked, phaseOf(router)), refusedByParent)
      for (const { at, first, id } of [...found, parent].sort((one, other) => one.at - other.at)) {
        if (at * 1_000 > owner.world.now - Owner.start) owner.until(at)
        owner.turns(id, "Down", at - first)
      }
      owner.until(hour)
      assert.deepStrictEqual(
        owner.received.map(({ change, channel }) => [change, channel]),
        [
          ["opened", channelId(1)],
          ["opened", channelId(2)],
        ],
      )
      assert.deepStrictEqual(
        owner.world.incidents.map(({ title }) => title),
        ["router is down, 500 monitors behind it unreachable"],
      )
    },
    { fastCheck: { numRuns: 6 } },
  )

  it("that is still down when its parent is up again is told like any other, later", () => {
    const { children, owner, router } = behind(2)
    for (const id of [router, ...children]) owner.turns(id, "Down")
    owner.until(10 * minute)
    owner.turns(router, "Up")
    owner.until(12 * minute)
    for (const id of children.slice(1)) owner.turns(id, "Down")
    for (const id of children.slice(0, 1)) owner.turns(id, "Up")
    owner.until(hour)
    const lines = owner.lines.filter((line) => line.includes(" 1 "))
    assert.deepStrictEqual(lines, [
      "+5 1 opened: router is down, 2 monitors behind it unreachable",
      "+600 1 resolved: router was down, 2 monitors behind it unreachable",
      // A parent might be the cause: as long as it takes to know.
      "+797 1 opened: host 2 is down",
    ])
  })

  it("moves into the incident of its parent when that fails: what was told of it is told to be over, and why", () => {
    const { children, owner, router } = behind(1, [channel(1)])
    for (const id of children) owner.turns(id, "Down")
    owner.until(5 * minute)
    owner.turns(router, "Down", 60)
    owner.until(hour)
    assert.deepStrictEqual(owner.lines, [
      "+77 1 opened: host 1 is down",
      "+300 1 resolved: host 1 was down (router is down)",
      "+305 1 opened: router is down, 1 monitor behind it unreachable",
    ])
  })

  it("keeps its own incident where it was down for more than ten minutes before", () => {
    const { children, owner, router } = behind(1, [channel(1)])
    for (const id of children) owner.turns(id, "Down")
    owner.until(20 * minute)
    owner.turns(router, "Down")
    owner.until(hour)
    assert.deepStrictEqual(owner.lines, ["+77 1 opened: host 1 is down", "+1205 1 opened: router is down"])
    for (const id of children) assert.isNull(owner.get(id).overlay)
  })

  it("is explained by a parent that nobody is told of: one under maintenance, or without alerts", () => {
    const { children, owner, router } = behind(3)
    owner.maintain(router, true)
    for (const id of [router, ...children]) owner.turns(id, "Down")
    owner.until(hour)
    assert.deepStrictEqual(owner.lines, [])
    assert.deepStrictEqual(owner.world.incidents, [])
    for (const id of children) assert.strictEqual(owner.get(id).overlay, "Unreachable")
  })

  it("is not explained by a parent that is paused, partly down, or not known", () => {
    for (const status of ["Partial", "Degraded", "Unknown"] as const) {
      const { children, owner, router } = behind(1, [channel(1)])
      owner.turns(router, status)
      for (const id of children) owner.turns(id, "Down")
      owner.until(hour)
      assert.deepStrictEqual(owner.lines, ["+77 1 opened: host 1 is down"])
    }
    const { children, owner, router } = behind(1, [channel(1)])
    owner.turns(router, "Down")
    owner.pause(router)
    for (const id of children) owner.turns(id, "Down")
    owner.until(hour)
    // Nor is it waited for.
    assert.deepStrictEqual(owner.lines, ["+60 1 opened: host 1 is down"])
  })

  it("is not explained by one under maintenance of which nothing is known", () => {
    const { children, owner, router } = behind(1, [channel(1)])
    owner.turns(router, "Down")
    owner.until(minute)
    owner.turns(router, "Unknown")
    owner.maintain(router, true)
    for (const id of children) owner.turns(id, "Down")
    owner.until(hour)
    assert.deepStrictEqual(owner.lines.slice(1), [
      "+60 1 resolved: router was down (router is under maintenance)",
      "+137 1 opened: host 1 is down",
    ])
  })

  it("is unreachable from when it went down", () => {
    const { children, owner, router } = behind(1)
    owner.until(minute)
    for (const id of children) owner.turns(id, "Down", 40)
    owner.judge()
    owner.until(2 * minute)
    owner.turns(router, "Down", 30)
    owner.judge()
    const overlay = owner.decided.find(({ _tag }) => _tag === "Overlay")
    assert.deepInclude(overlay, { overlay: "Unreachable", at: Owner.start + 20_000 })
  })

  it("stays unreachable while nothing is known of its parent that was down, or of itself", () => {
    const { children, owner, router } = behind(2, [channel(1)])
    for (const id of [router, ...children]) owner.turns(id, "Down")
    owner.until(minute)
    for (const id of [router, ...children]) owner.turns(id, "Unknown")
    owner.until(hour)
    for (const id of children) assert.strictEqual(owner.get(id).overlay, "Unreachable")
    owner.turns(router, "Up")
    owner.until(2 * hour)
    assert.strictEqual(owner.received.length, 2)
    for (const id of children) assert.isNull(owner.get(id).overlay)
  })

  it("is well when it is up though its parent is not, and unreachable again when it fails again", () => {
    const { children, owner, router } = behind(2, [channel(1)])
    for (const id of [router, ...children]) owner.turns(id, "Down")
    owner.until(minute)
    for (const id of children.slice(0, 1)) owner.turns(id, "Up")
    owner.until(2 * minute)
    assert.strictEqual(owner.world.incidents[0]?.title, "router is down, 1 monitor behind it unreachable")
    for (const id of children.slice(0, 1)) owner.turns(id, "Down")
    owner.until(3 * minute)
    assert.strictEqual(owner.world.incidents[0]?.title, "router is down, 2 monitors behind it unreachable")
    assert.strictEqual(owner.received.length, 1)
  })

  it("further down too, with the topmost as the cause; and through another parent when the first is up again", () => {
    const owner = new Owner()
    const left = owner.monitor(1, "left")
    const right = owner.monitor(2, "right")
    const middle = owner.monitor(3, "middle", { parents: [left, right] })
    const leaf = owner.monitor(4, "leaf", { parents: [middle] })
    owner.turns(left, "Down")
    owner.until(10)
    owner.turns(right, "Down")
    owner.turns(leaf, "Down")
    owner.turns(middle, "Down")
    owner.until(2 * minute)
    assert.deepStrictEqual(owner.lines, ["+5 1 opened: left is down", "+15 1 opened: right is down"])
    owner.turns(left, "Up")
    owner.until(3 * minute)
    assert.deepStrictEqual(
      owner.world.incidents.map(({ title }) => title),
      ["right is down, 2 monitors behind it unreachable"],
    )
    owner.turns(right, "Up")
    owner.until(4 * minute)
    for (const id of [middle, leaf]) assert.isNull(owner.get(id).overlay)
  })

  it("waits for what is above it at any of ten levels, at the pace of the slowest of those that are checked", () => {
    const waits = (above: ReadonlyArray<MonitorOptions["pace"]>) => {
      const owner = new Owner()
      const top = above.reduce<ReadonlyArray<MonitorId>>(
        (parents, pace, i) => [owner.monitor(i + 2, `m${i}`, { parents, ...(pace === undefined ? {} : { pace }) })],
        [],
      )
      owner.turns(owner.monitor(1, "leaf", { parents: top }), "Down")
      owner.until(hour)
      return owner.received.map(({ at }) => (at - Owner.start) / 1_000)
    }
    const slow = { failures: 3, retrySeconds: 60, timeoutMs: 5_000 }
    // 3 times 60 s and 11 s, less the 30 s that the leaf itself took, and 5 s.
    assert.deepStrictEqual(waits([slow]), [188])
    assert.deepStrictEqual(waits([slow, undefined, null]), [188])
    assert.deepStrictEqual(waits([slow, ...Array.from({ length: 10 }, () => null)]), [60])
    // A heartbeat is known to be missed when it is, and a quick one is waited for as long as any.
    assert.deepStrictEqual(waits([null]), [60])
    assert.deepStrictEqual(waits([{ failures: 1, retrySeconds: 20, timeoutMs: 100 }]), [60])
    // Later than ten minutes after it, a parent that fails explains nothing.
    assert.deepStrictEqual(waits([{ failures: 10, retrySeconds: 3_600, timeoutMs: 60_000 }]), [600])
  })

  it("of its own group is told with it once, and by its parent alone", () => {
    const owner = new Owner()
    const router = owner.monitor(1, "router", { group: "office" })
    const host = owner.monitor(2, "host", { group: "office", parents: [router] })
    const other = owner.monitor(3, "other", { group: "office" })
    owner.turns(host, "Down")
    owner.until(2)
    owner.turns(router, "Down")
    owner.turns(other, "Down")
    owner.until(hour)
    assert.deepStrictEqual(owner.lines, ["+7 1 opened: 2 monitors are down, 1 monitor behind them unreachable"])
  })

  it("in a circle of parents counts from the one that failed first", () => {
    const owner = new Owner()
    const one = owner.monitor(1, "one", { parents: [owner.monitor(3, "three")] })
    const two = owner.monitor(2, "two", { parents: [one] })
    const three = owner.monitor(3, "three", { parents: [two, owner.monitor(3, "three", { parents: [two] })] })
    owner.turns(two, "Down")
    owner.until(1)
    owner.turns(three, "Down")
    owner.turns(one, "Down")
    owner.until(hour)
    assert.deepStrictEqual(owner.lines, ["+77 1 opened: two is down, 2 monitors behind it unreachable"])
    owner.turns(two, "Up")
    owner.until(2 * hour)
    assert.deepStrictEqual(
      [one, three].map((id) => owner.get(id).overlay),
      [null, null],
    )
  })

  it("has its flapping parent to thank for silence", () => {
    const { children, owner, router } = behind(5, [channel(1)])
    for (let i = 0; i < 20; i++) {
      owner.turns(router, i % 2 === 0 ? "Down" : "Up")
      for (const id of children) if (owner.get(id).overlay === null) owner.turns(id, i % 2 === 0 ? "Down" : "Up")
      owner.until((owner.world.now - Owner.start) / 1_000 + minute)
    }
    owner.until(2 * hour)
    assert.isTrue(owner.received.every(({ title }) => title.startsWith("router")))
    for (const id of children) assert.deepStrictEqual(owner.get(id).flapping, { changes: [], since: null })
  })
})

/** Numbers from 0 until before 1 that a seed decides. */
const randomOf = (seed: number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** The same items in an order that a seed decides. */
const shuffled = (items: ReadonlyArray<MonitorId>, seed: number): ReadonlyArray<MonitorId> => {
  const order = [...items]
  const random = randomOf(seed)
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [one, other] = [order[i], order[j]]
    if (one !== undefined && other !== undefined) [order[i], order[j]] = [other, one]
  }
  return order
}
