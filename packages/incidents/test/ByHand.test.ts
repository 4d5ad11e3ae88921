import { assert, describe, it } from "@effect/vitest"
import type { MonitorId } from "@uptime/domain/Ids"
import { incidentId, Owner } from "./Owner.ts"

const minute = 60
const hour = 60 * minute

describe("by hand", () => {
  it("a resolved incident is told to be over, and does not open again until its monitor fails anew", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api", { alerts: { on: ["Down", "Degraded"] } })
    owner.turns(api, "Down")
    owner.until(minute)
    owner.edit(incidentId(1), { resolvedByHandAt: owner.world.now })
    owner.judge()
    owner.until(hour)
    owner.turns(api, "Degraded")
    owner.until(2 * hour)
    owner.turns(api, "Up")
    owner.until(3 * hour)
    assert.deepStrictEqual(owner.lines, ["+5 1 opened: api is down", "+60 1 resolved: api was down"])
    owner.turns(api, "Down")
    owner.until(4 * hour)
    assert.deepStrictEqual(owner.lines.slice(2), ["+10805 1 opened: api is down"])
  })

  it("nothing joins an incident that was resolved", () => {
    const owner = new Owner()
    const web = owner.monitor(1, "web", { group: "shop" })
    const api = owner.monitor(2, "api", { group: "shop" })
    owner.turns(web, "Down")
    owner.until(minute)
    owner.edit(incidentId(1), { resolvedByHandAt: owner.world.now })
    owner.turns(api, "Down")
    owner.until(hour)
    assert.deepStrictEqual(owner.lines, [
      "+5 1 opened: web is down",
      "+60 1 resolved: web was down",
      "+65 1 opened: api is down",
    ])
  })

  it("a title stays", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api", { alerts: { on: ["Down", "Degraded"] } })
    owner.turns(api, "Degraded")
    owner.until(minute)
    owner.edit(incidentId(1), { title: "The great outage", isTitledByHand: true })
    owner.turns(api, "Down")
    owner.until(hour)
    owner.turns(api, "Up")
    owner.judge()
    const renames = owner.decided.filter((decision) => decision._tag === "Rename")
    assert.deepStrictEqual(
      renames.map(({ severity, title }) => [severity, title]),
      [["Down", "The great outage"]],
    )
  })

  for (const [how, note] of [
    ["pause", "api was paused"],
    ["remove", "a monitor was deleted"],
    ["maintain", "api is under maintenance"],
  ] as const) {
    const leave = (owner: Owner, api: MonitorId) => (how === "maintain" ? owner.maintain(api, true) : owner[how](api))

    it(`${how}: what was told of the monitor is told to be over, and why`, () => {
      const owner = new Owner()
      const api = owner.monitor(1, "api")
      owner.turns(api, "Down")
      owner.until(minute)
      leave(owner, api)
      owner.judge()
      owner.until(hour)
      assert.strictEqual(owner.received.length, 2)
      assert.deepInclude(owner.received[1], { change: "resolved", note })
    })

    it(`${how}: what was not told is over in silence`, () => {
      const owner = new Owner()
      const api = owner.monitor(1, "api")
      owner.turns(api, "Down")
      owner.until(2)
      leave(owner, api)
      owner.judge()
      owner.until(hour)
      assert.deepStrictEqual(owner.lines, [])
      assert.deepStrictEqual([...owner.notes.values()], [note])
    })
  }

  it("a pause and a resume that are judged together end it like a pause", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api")
    owner.turns(api, "Down")
    owner.until(minute)
    owner.pause(api)
    owner.resume(api)
    owner.until(hour)
    assert.deepStrictEqual(owner.lines.slice(1), ["+60 1 resolved: api was down (api was paused)"])
  })
})

describe("maintenance", () => {
  it("opens nothing, swallows what changes, and leaves nothing behind", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api", { alerts: { on: ["Down", "Unknown"] } })
    owner.maintain(api, true)
    owner.until(minute)
    for (const status of ["Down", "Up", "Down", "Unknown", "Down"] as const) {
      owner.turns(api, status)
      owner.until((owner.world.now - Owner.start) / 1_000 + minute)
    }
    owner.maintain(api, false)
    owner.until(hour)
    assert.deepStrictEqual(owner.lines, [])
    assert.deepStrictEqual(owner.decided, [])
    // Still down afterwards: told like any new outage.
    owner.turns(api, "Down")
    owner.until(2 * hour)
    assert.deepStrictEqual(owner.lines, ["+3605 1 opened: api is down"])
  })

  it("swallows what failed inside even where it is judged afterwards", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api")
    owner.maintain(api, true)
    owner.turns(api, "Down")
    owner.maintain(api, false)
    owner.until(hour)
    assert.deepStrictEqual(owner.decided, [])
  })
})
