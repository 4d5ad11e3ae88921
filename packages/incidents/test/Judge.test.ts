import { assert, describe, it } from "@effect/vitest"
import type { MonitorId } from "@uptime/domain/Ids"
import { MonitorStatus } from "@uptime/domain/MonitorStatus"
import type { Decision } from "@uptime/incidents/Decision"
import { judge } from "@uptime/incidents/Judge"
import type { StatusChange, World } from "@uptime/incidents/World"
import { FastCheck as fc } from "effect"
import { applyDecisions } from "./ApplyDecisions.ts"
import { channel, channelId, escalationId, incidentId, type Judgement, monitorId, Owner } from "./Owner.ts"

const monitors = 6

type Action =
  | { readonly do: "turn"; readonly who: number; readonly to: MonitorStatus; readonly ago: number }
  | { readonly do: "pause" | "resume" | "maintain" | "end" | "remove" | "flap"; readonly who: number }
  | { readonly do: "acknowledge" | "resolve" }
  | { readonly do: "wait"; readonly seconds: number }

const who = fc.integer({ min: 1, max: monitors })
const status = fc.constantFrom(...MonitorStatus.literals)
const turn = fc.record({ do: fc.constant("turn" as const), who, to: status, ago: fc.integer({ min: 0, max: 90 }) })
const wait = fc.record({
  do: fc.constant("wait" as const),
  seconds: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 90, max: 2_000 })),
})
const cover = fc.record({
  do: fc.constantFrom("pause" as const, "resume" as const, "maintain" as const, "end" as const),
  who,
})
const rare = fc.record({ do: fc.constantFrom("remove" as const, "flap" as const), who })
const byHand = fc.record({ do: fc.constantFrom("acknowledge" as const, "resolve" as const) })
const actions = fc.array(
  fc.oneof(
    { arbitrary: turn, weight: 8 },
    { arbitrary: wait, weight: 6 },
    { arbitrary: cover, weight: 2 },
    { arbitrary: byHand, weight: 1 },
    { arbitrary: rare, weight: 1 },
  ),
  { maxLength: 60 },
)

const rules = fc.record({
  group: fc.constantFrom(null, null, "shop", "lab"),
  host: fc.constantFrom(null, "a.example", "b.example"),
  parents: fc.uniqueArray(who, { maxLength: 2 }),
  alerts: fc.record({
    on: fc.oneof(fc.constant(["Down"] as const), fc.subarray(["Down", "Partial", "Degraded", "Unknown"] as const)),
    channels: fc.oneof(fc.constant(null), fc.subarray([1, 2, 3, 9].map(channelId))),
    escalationId: fc.constantFrom(null, escalationId(1)),
    reminderMinutes: fc.constantFrom(null, 7, 20),
    fold: fc.boolean(),
  }),
})
const owners = fc.record({
  monitors: fc.array(rules, { minLength: monitors, maxLength: monitors }),
  quiet: fc.constantFrom(null, { from: "12:10", to: "12:40", timeZone: "UTC" }),
})

type Rules = typeof owners extends fc.Arbitrary<infer A> ? A : never

/** An owner of six monitors and four channels, of which the third is turned off; any may be another's parent. */
const ownerOf = ({ monitors, quiet }: Rules): Owner => {
  const owner = new Owner([
    channel(1, { quietHours: quiet }),
    channel(2),
    channel(3, { enabled: false }),
    channel(4, { isDefault: false }),
  ])
  const steps = [
    { afterMinutes: 5, channels: [channelId(4), channelId(3)] },
    { afterMinutes: 15, channels: [channelId(2), channelId(4)] },
  ]
  owner.world = { ...owner.world, escalations: new Map([[escalationId(1), { id: escalationId(1), steps }]]) }
  for (const [i, { parents, ...options }] of monitors.entries()) {
    owner.monitor(i + 1, `m${i + 1}`, { ...options, parents: parents.map(monitorId) })
  }
  return owner
}

const perform = (owner: Owner, action: Action): void => {
  if (action.do === "wait") pass(owner, action.seconds)
  else if ("who" in action) change(owner, action)
  else {
    const [incident] = owner.world.incidents
    if (incident === undefined) return
    const { now } = owner.world
    owner.edit(incident.id, action.do === "resolve" ? { resolvedByHandAt: now } : { acknowledgedAt: now })
    owner.judge()
  }
}

const pass = (owner: Owner, seconds: number): void => owner.until((owner.world.now - Owner.start) / 1_000 + seconds)

const change = (owner: Owner, action: Extract<Action, { readonly who: number }>): void => {
  const monitor = owner.world.monitors.get(monitorId(action.who))
  if (monitor === undefined) return
  const { enabled, id, overlay } = monitor
  if (action.do === "turn" && enabled && monitor.status !== action.to) owner.turns(id, action.to, action.ago)
  if (action.do === "pause" && enabled) owner.pause(id)
  if (action.do === "resume" && !enabled) owner.resume(id)
  if (action.do === "maintain" && enabled && overlay === null) owner.maintain(id, true)
  if (action.do === "end" && overlay === "Maintenance") owner.maintain(id, false)
  if (action.do === "remove") owner.remove(id)
  if (action.do === "flap" && enabled) {
    for (let i = 0; i < 9; i++) {
      owner.turns(id, i % 2 === 0 ? "Down" : "Up")
      pass(owner, 100)
    }
  }
}

/** Runs a script and shows every judgement of it. */
const run = (rules: Rules, script: ReadonlyArray<Action>, see: (judgement: Judgement) => void): Owner => {
  const owner = ownerOf(rules)
  owner.onJudgement = see
  for (const action of script) perform(owner, action)
  pass(owner, 7_200)
  return owner
}

const tells = (decisions: ReadonlyArray<Decision>) => decisions.filter((decision) => decision._tag === "Tell")

const counts = (world: World, id: MonitorId): boolean => {
  const monitor = world.monitors.get(id)
  return monitor?.enabled === true && monitor.overlay === null
}

const often = { fastCheck: { numRuns: 40 } }

describe("whatever happens to whomever", () => {
  it.prop(
    "each channel is told that an incident opened at most once, and that it is over only after something else",
    [owners, actions],
    ([rules, script]) => {
      const { decided, received } = run(rules, script, () => {})
      const told = new Map<string, ReadonlyArray<string>>()
      for (const { change, channelId, incidentId } of tells(decided)) {
        const key = `${incidentId} ${channelId}`
        const before = told.get(key) ?? []
        assert.notInclude(before, change)
        assert.notInclude(before, "resolved")
        if (change === "resolved" || change === "acknowledged") assert.isNotEmpty(before)
        if (change === "opened" && before.length > 0) assert.isTrue(before.every((earlier) => earlier === "flapping:1"))
        told.set(key, [...before, change])
      }
      const keys = received.map(({ change, channel, incident }) => `${incident} ${change} ${channel}`)
      assert.strictEqual(new Set(keys).size, keys.length)
    },
    often,
  )

  it.prop(
    "each channel is turned on, and is told of what fails and counts, which tells it",
    [owners, actions],
    ([rules, script]) => {
      run(rules, script, ({ after, decisions }) => {
        for (const { change, channelId, incidentId } of tells(decisions)) {
          assert.isTrue(after.channels.get(channelId)?.enabled)
          if (change === "resolved" || change === "acknowledged") continue
          const incident = after.incidents.find(({ id }) => id === incidentId)
          const heard = (incident?.parts ?? []).filter(({ endedAt, monitorId, role }) => {
            if (endedAt !== null || role !== "failing" || !counts(after, monitorId)) return false
            const alerts = after.monitors.get(monitorId)?.alerts
            if (change.startsWith("escalation:")) return alerts?.escalationId === escalationId(1)
            return alerts?.channels === null
              ? after.channels.get(channelId)?.isDefault
              : alerts?.channels.includes(channelId)
          })
          assert.isNotEmpty(heard)
        }
      })
    },
    often,
  )

  it.prop(
    "an incident is over when nothing in it fails any more, and not before",
    [owners, actions],
    ([rules, script]) => {
      run(rules, script, ({ after, before, decisions }) => {
        for (const { parts } of after.incidents) {
          const open = parts.filter(({ endedAt }) => endedAt === null)
          assert.isTrue(open.some(({ role }) => role === "failing"))
          assert.isTrue(open.every(({ monitorId, role }) => counts(after, monitorId) === (role === "failing")))
        }
        const unresolved = applyDecisions(
          before,
          decisions.filter(({ _tag }) => _tag !== "Resolve"),
        )
        for (const decision of decisions) {
          if (decision._tag !== "Resolve") continue
          const parts = unresolved.incidents.find(({ id }) => id === decision.incidentId)?.parts ?? []
          assert.isNotEmpty(parts)
          assert.isTrue(parts.every(({ endedAt, startedAt }) => endedAt !== null && endedAt >= startedAt))
        }
        for (const decision of decisions) {
          if (decision._tag === "Discard")
            assert.isEmpty(before.incidents.find(({ id }) => id === decision.incidentId)?.told)
        }
        const open = after.incidents.flatMap(({ parts }) => parts.filter(({ endedAt }) => endedAt === null))
        assert.strictEqual(new Set(open.map(({ monitorId }) => monitorId)).size, open.length)
      })
    },
    often,
  )

  it.prop(
    "the order in which monitors are judged changes nothing",
    [owners, actions, fc.infiniteStream(fc.nat())],
    ([rules, script, random]) => {
      run(rules, script, ({ before, changes, decisions }) => {
        if (changes.length < 2) return
        let next = Number(/(\d+)$/.exec(decisions.map(({ _tag }) => _tag).join())?.[1] ?? 0)
        const first = decisions.find(({ _tag }) => _tag === "Open")
        if (first?._tag === "Open") next = Number.parseInt(first.incident.id.slice(-12), 16)
        const again = judge(before, interleaved(changes, random), () => incidentId(next++))
        assert.deepStrictEqual(again, decisions)
      })
    },
    often,
  )

  it.prop("who has an incident is who fails by its own rules, and counts", [owners, actions], ([rules, script]) => {
    const failing = new Map<MonitorId, boolean>()
    const handled = new Set<MonitorId>()
    run(
      rules,
      script.filter((action) => action.do !== "resolve"),
      ({ after, before, changes }) => {
        for (const monitor of after.monitors.values()) {
          const was = before.monitors.get(monitor.id)
          const mine = changes.filter(({ monitorId }) => monitorId === monitor.id)
          for (const { from, to } of was?.overlay === null ? mine : []) {
            const isAnew = from === "Paused" || from === "Maintenance" || from === "Unreachable"
            const known = isAnew || to === "Paused" ? false : (failing.get(monitor.id) ?? false)
            const isNamed = to !== "Paused" && monitor.alerts.on.includes(to) && !(isAnew && to === "Unknown")
            failing.set(monitor.id, isNamed || (to === "Unknown" && known))
          }
          if (!counts(after, monitor.id)) failing.set(monitor.id, false)
          if (was?.overlay !== null) failing.set(monitor.id, false)
          const parts = after.incidents.flatMap(({ parts }) => parts)
          const part = parts.find(({ endedAt, monitorId }) => monitorId === monitor.id && endedAt === null)
          const isFlapping = counts(after, monitor.id) && monitor.flapping.since !== null
          const expected = failing.get(monitor.id) === true || isFlapping
          assert.strictEqual(part?.role === "failing", expected, monitor.name)
          handled.add(monitor.id)
        }
      },
    )
  })
})

/** The same changes, those of each monitor in their order, and ids that rise. */
const interleaved = (changes: ReadonlyArray<StatusChange>, random: Iterator<number>): ReadonlyArray<StatusChange> => {
  const queues = [...new Set(changes.map(({ monitorId }) => monitorId))].map((id) =>
    changes.filter(({ monitorId }) => monitorId === id),
  )
  return changes.map((_, i) => {
    const waiting = queues.filter((queue) => queue.length > 0)
    const queue = waiting[Number(random.next().value) % waiting.length]
    const change = queue?.shift()
    if (change === undefined) throw new Error("fewer changes than there were")
    return { ...change, id: i + 1 }
  })
}

describe("a thousand changes of a thousand monitors", () => {
  const storm = (group: string | null, hasParent: boolean) => {
    const owner = new Owner([channel(1), channel(2)])
    const router = owner.monitor(1_001, "router")
    for (let i = 1; i <= 1_000; i++)
      owner.monitor(i, `m${i}`, { group, host: `${i}.example`, parents: hasParent ? [router] : [] })
    const shown: Array<{ readonly world: World; readonly changes: ReadonlyArray<StatusChange> }> = []
    owner.onJudgement = ({ before, changes }) => shown.push({ world: before, changes })
    if (hasParent) owner.turns(router, "Down")
    for (let i = 1; i <= 1_000 - (hasParent ? 1 : 0); i++) owner.turns(monitorId(i), "Down", 1)
    owner.until(600)
    for (let i = 1; i <= 1_000; i++) if (owner.get(monitorId(i)).status === "Down") owner.turns(monitorId(i), "Up")
    owner.until(1_200)
    return shown
  }

  for (const [what, group, hasParent] of [
    ["each for itself", null, false],
    ["of one group", "lab", false],
    ["behind one parent", null, true],
  ] as const) {
    it(`${what}, are judged within 100 ms`, () => {
      const shown = storm(group, hasParent)
      for (const { changes, world } of shown) {
        // Of the processor's time: other tests may run at the same time.
        const took = Math.min(
          ...[1, 2, 3, 4, 5].map(() => {
            let next = 100_000
            const began = process.cpuUsage()
            judge(world, changes, () => incidentId(next++))
            return process.cpuUsage(began).user / 1_000
          }),
        )
        assert.isBelow(took, 100)
      }
    })
  }
})
