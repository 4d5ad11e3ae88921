import { assert, describe, it } from "@effect/vitest"
import { channel, channelId, escalationId, incidentId, Owner } from "./Owner.ts"

const minute = 60
const hour = 60 * minute

describe("the story of one monitor", () => {
  it("slow, down in one region, down in both, up: told once for each step for the worse, and once at the end", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api.example.com", { alerts: { on: ["Down", "Partial", "Degraded"] } })
    owner.until(100)
    owner.turns(api, "Degraded", 30)
    owner.until(200)
    owner.turns(api, "Partial", 30)
    owner.until(300)
    owner.turns(api, "Down", 30)
    owner.until(400)
    // Better, and worse again: nobody who was told of the worst needs to hear of it.
    owner.turns(api, "Degraded", 30)
    owner.until(500)
    owner.turns(api, "Down", 30)
    owner.until(600)
    owner.turns(api, "Up", 30)
    owner.until(1_000)
    assert.deepStrictEqual(owner.lines, [
      "+105 1 opened: api.example.com is degraded",
      "+230 1 updated:1: api.example.com is down in some regions",
      "+330 1 updated:2: api.example.com is down",
      "+600 1 resolved: api.example.com was down",
    ])
    assert.deepStrictEqual(owner.world.incidents, [])
  })

  it("begins with the first failure and ends with the first good result, whenever they were noticed", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api")
    owner.until(100)
    owner.turns(api, "Down", 40)
    owner.until(200)
    const [opened] = owner.world.incidents
    assert.strictEqual(opened?.startedAt, Owner.start + 60_000)
    owner.turns(api, "Up", 30)
    owner.until(201)
    const over = owner.decided.find(({ _tag }) => _tag === "Resolve")
    assert.deepInclude(over, { at: Owner.start + 170_000, note: null })
  })

  it("with the rules that come with it, only Down is told", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api")
    for (const status of ["Degraded", "Partial", "Unknown", "Up"] as const) {
      owner.turns(api, status)
      owner.until((owner.world.now - Owner.start) / 1_000 + 10 * minute)
    }
    assert.deepStrictEqual(owner.lines, [])
    owner.turns(api, "Down")
    owner.until(2 * hour)
    assert.strictEqual(owner.received.length, 1)
    // No longer known, and then known to be better than down: over.
    owner.turns(api, "Unknown")
    owner.until(3 * hour)
    assert.strictEqual(owner.received.length, 1)
    owner.turns(api, "Degraded")
    owner.until(4 * hour)
    assert.strictEqual(owner.received.at(-1)?.change, "resolved")
  })

  it("what recovers before the first message is due is never told, and stays as history", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api")
    owner.turns(api, "Down")
    owner.until(4)
    owner.turns(api, "Up")
    owner.until(hour)
    assert.deepStrictEqual(owner.lines, [])
    assert.deepStrictEqual([...owner.titles.values()], ["api was down"])
    assert.deepStrictEqual(owner.world.incidents, [])
  })

  it("an outage that was over before the judge saw it is history, and told to nobody", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api")
    owner.until(hour)
    owner.turns(api, "Down", 1_800)
    owner.turns(api, "Up", 600)
    owner.until(2 * hour)
    assert.deepStrictEqual(owner.lines, [])
    assert.deepInclude(
      owner.decided.find(({ _tag }) => _tag === "Open"),
      {
        parts: [
          {
            monitorId: api,
            startedAt: Owner.start + 1_800_000,
            endedAt: Owner.start + 3_000_000,
            role: "failing",
            severity: "Down",
            newsAt: Owner.start + 3_600_000,
          },
        ],
      },
    )
    assert.deepStrictEqual([...owner.notes], [[incidentId(1), null]])
  })

  it("what becomes worse before the first message does not put it off", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api", { alerts: { on: ["Down", "Degraded"] } })
    owner.turns(api, "Degraded")
    owner.until(3)
    owner.turns(api, "Down")
    owner.until(hour)
    assert.deepStrictEqual(owner.lines, ["+5 1 opened: api is down"])
  })

  it("without channels an incident is opened and resolved in silence", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api", { alerts: { channels: [] } })
    owner.turns(api, "Down")
    owner.until(hour)
    assert.strictEqual(owner.world.incidents.length, 1)
    owner.turns(api, "Up")
    owner.until(2 * hour)
    assert.deepStrictEqual(owner.lines, [])
    assert.deepStrictEqual([...owner.notes], [[incidentId(1), null]])
  })
})

describe("channels", () => {
  it("those of the monitor, or else the default ones, are told; never one that is turned off or gone", () => {
    const owner = new Owner([channel(1), channel(2, { isDefault: false }), channel(3, { enabled: false })])
    const api = owner.monitor(1, "api")
    const web = owner.monitor(2, "web", { alerts: { channels: [channelId(2), channelId(3), channelId(9)] } })
    owner.turns(api, "Down")
    owner.turns(web, "Down")
    owner.until(hour)
    assert.deepStrictEqual(owner.lines, ["+5 1 opened: api is down", "+5 2 opened: web is down"])
  })

  it("one turned off while an incident is open hears no more of it", () => {
    const owner = new Owner([channel(1), channel(2)])
    const api = owner.monitor(1, "api")
    owner.turns(api, "Down")
    owner.until(minute)
    owner.world = {
      ...owner.world,
      channels: new Map(owner.world.channels).set(channelId(2), channel(2, { enabled: false })),
    }
    owner.turns(api, "Up")
    owner.until(2 * minute)
    assert.deepStrictEqual(owner.lines.slice(2), ["+60 1 resolved: api was down"])
  })

  it("in quiet hours messages wait for their end, and what is over by then is told in one", () => {
    const quietHours = { from: "12:00", to: "14:00", timeZone: "UTC" }
    const owner = new Owner([channel(1, { quietHours }), channel(2)])
    const api = owner.monitor(1, "api", { alerts: { reminderMinutes: 30 } })
    const web = owner.monitor(2, "web")
    owner.until(minute)
    owner.turns(api, "Down")
    owner.turns(web, "Down")
    owner.until(hour)
    owner.turns(api, "Up")
    owner.until(2 * hour + minute)
    const quiet = owner.lines.filter((line) => line.includes(" 1 "))
    assert.deepStrictEqual(quiet, ["+7200 1 opened: web is down", "+7200 1 resolved: api was down"])
    const told = owner.received.filter((message) => message.channel === channelId(2)).map(({ change }) => change)
    assert.deepStrictEqual(told, ["opened", "opened", "reminder:1", "resolved"])
  })
})

describe("what a person wrote for everybody", () => {
  it("is told after the end of quiet hours, also where all is over by then", () => {
    const quietHours = { from: "12:00", to: "14:00", timeZone: "UTC" }
    const owner = new Owner([channel(1, { quietHours })])
    const api = owner.monitor(1, "api")
    owner.turns(api, "Down")
    owner.until(minute)
    const dueAt = Owner.start + 2 * hour * 1_000
    const note = { change: "note:1", channelId: channelId(1), dueAt, state: "pending" as const }
    owner.edit(incidentId(1), { told: [...(owner.world.incidents[0]?.told ?? []), note] })
    owner.turns(api, "Up")
    const messages = owner.judge().filter(({ _tag }) => _tag === "Untell" || _tag === "Tell")
    assert.deepStrictEqual(
      messages.map((decision) => [decision._tag, "change" in decision ? decision.change : null]),
      [
        ["Untell", "opened"],
        ["Tell", "resolved"],
      ],
    )
  })
})

describe("reminders and escalation", () => {
  const escalating = () => {
    const owner = new Owner([channel(1), channel(2, { isDefault: false }), channel(3, { isDefault: false })])
    const steps = [
      { afterMinutes: 10, channels: [channelId(2)] },
      { afterMinutes: 30, channels: [channelId(2), channelId(3)] },
    ]
    owner.world = {
      ...owner.world,
      escalations: new Map([[escalationId(1), { id: escalationId(1), steps }]]),
    }
    const api = owner.monitor(1, "api", { alerts: { escalationId: escalationId(1), reminderMinutes: 20 } })
    return { owner, api }
  }

  it("go on until it is over, and whoever was told anything is told that", () => {
    const { api, owner } = escalating()
    owner.turns(api, "Down")
    owner.until(50 * minute)
    owner.turns(api, "Up")
    owner.until(3 * hour)
    assert.deepStrictEqual(owner.lines, [
      "+5 1 opened: api is down",
      "+605 2 escalation:1: api is down",
      "+1205 1 reminder:1: api is down",
      "+1805 2 escalation:2: api is down",
      "+1805 3 escalation:2: api is down",
      "+2405 1 reminder:2: api is down",
      "+3000 1 resolved: api was down",
      "+3000 2 resolved: api was down",
      "+3000 3 resolved: api was down",
    ])
  })

  it("count from when the monitor that has them was told, where it joined later", () => {
    const { api, owner } = escalating()
    owner.set({ ...owner.get(api), group: "shop" })
    const web = owner.monitor(2, "web", { group: "shop" })
    owner.turns(web, "Down")
    owner.until(8 * minute)
    owner.turns(api, "Down")
    owner.until(20 * minute)
    assert.deepStrictEqual(owner.lines, [
      "+5 1 opened: web is down",
      "+510 1 updated:1: 2 monitors are down",
      "+1085 2 escalation:1: 2 monitors are down",
    ])
  })

  it("stop when it is acknowledged, which is told once; its end is told all the same, to those who were told", () => {
    const { api, owner } = escalating()
    owner.turns(api, "Down")
    owner.until(15 * minute)
    owner.edit(incidentId(1), { acknowledgedAt: owner.world.now })
    owner.judge()
    owner.until(2 * hour)
    owner.turns(api, "Up")
    owner.until(3 * hour)
    assert.deepStrictEqual(owner.lines.slice(2), [
      "+900 1 acknowledged: api is down",
      "+900 2 acknowledged: api is down",
      "+7200 1 resolved: api was down",
      "+7200 2 resolved: api was down",
    ])
  })

  it("that are due and were not sent are taken back when it is acknowledged; one that is being sent is looked at again", () => {
    for (const state of ["pending", "leased"] as const) {
      const { api, owner } = escalating()
      owner.turns(api, "Down")
      owner.until(11 * minute)
      const was = (state: "pending" | "leased") =>
        (owner.world.incidents[0]?.told ?? []).map((told) =>
          told.change === "escalation:1" ? { ...told, state } : told,
        )
      owner.edit(incidentId(1), { told: was(state), acknowledgedAt: owner.world.now })
      const taken = (decisions: ReturnType<Owner["judge"]>) =>
        decisions.flatMap((decision) => (decision._tag === "Untell" ? [decision.change] : []))
      assert.deepStrictEqual(taken(owner.judge()), state === "pending" ? ["escalation:1"] : [])
      const informed = owner.received.filter(({ change }) => change === "acknowledged").map(({ channel }) => channel)
      assert.deepStrictEqual(informed, state === "pending" ? [channelId(1)] : [channelId(1), channelId(2)])
      if (state === "pending") continue
      assert.strictEqual(owner.world.incidents[0]?.lookAgainAt, owner.world.now + 60_000)
      owner.until(12 * minute)
      owner.edit(incidentId(1), { told: was("pending") })
      assert.deepStrictEqual(taken(owner.judge()), ["escalation:1"])
    }
  })

  it("that may have arrived are taken back, and their channel is told all the same that somebody is at it", () => {
    const { api, owner } = escalating()
    owner.turns(api, "Down")
    owner.until(11 * minute)
    const told = (owner.world.incidents[0]?.told ?? []).map((message) =>
      message.change === "escalation:1" ? { ...message, state: "tried" as const } : message,
    )
    owner.edit(incidentId(1), { told, acknowledgedAt: owner.world.now })
    assert.deepInclude(
      owner.judge().find(({ _tag }) => _tag === "Untell"),
      { change: "escalation:1", channelId: channelId(2) },
    )
    const to = (change: string) =>
      owner.received.filter((message) => message.change === change).map(({ channel }) => channel)
    assert.deepStrictEqual(to("acknowledged").sort(), [channelId(1), channelId(2)])
    owner.turns(api, "Up")
    owner.until(2 * hour)
    assert.deepStrictEqual(to("resolved").sort(), [channelId(1), channelId(2)])
  })

  it("a judge that comes late tells the furthest step and one reminder, not all it missed", () => {
    const { api, owner } = escalating()
    owner.turns(api, "Down")
    owner.until(minute)
    owner.world = { ...owner.world, now: owner.world.now + 5 * hour * 1_000 }
    owner.judge()
    assert.deepStrictEqual(
      owner.received.slice(1).map(({ change }) => change),
      ["reminder:1", "escalation:2", "escalation:2"],
    )
  })

  it("nothing piles up behind a message that cannot be sent", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api", { alerts: { reminderMinutes: 1 } })
    owner.turns(api, "Down")
    owner.until(10)
    for (let i = 0; i < 60; i++) {
      const told = [
        { change: "opened", channelId: channelId(1), dueAt: Owner.start + 5_000, state: "pending" as const },
      ]
      owner.edit(incidentId(1), { told })
      owner.world = { ...owner.world, now: owner.world.now + 60_000 }
      assert.isTrue(owner.judge().every(({ _tag }) => _tag === "LookAgain"))
    }
    // One that only some did not get is no reason to tell the others nothing.
    const told = [{ change: "opened", channelId: channelId(1), dueAt: Owner.start + 5_000, state: "partly" as const }]
    owner.edit(incidentId(1), { told })
    owner.judge()
    assert.strictEqual(owner.received.at(-1)?.change, "reminder:1")
  })
})
