import { assert, describe, it } from "@effect/vitest"
import { channel, channelId, Owner } from "./Owner.ts"

const minute = 60
const hour = 60 * minute
const seconds = (owner: Owner) => (owner.world.now - Owner.start) / 1_000

describe("monitors that fail together", () => {
  for (const [what, one, other] of [
    ["in a group", { group: "shop", host: "a.example" }, { group: "shop", host: "b.example" }],
    ["on a host", { host: "shop.example" }, { host: "shop.example" }],
  ] as const) {
    it(`${what} are one incident, told when the first is, and then as it grows`, () => {
      const owner = new Owner()
      const web = owner.monitor(1, "web", one)
      const api = owner.monitor(2, "api", other)
      const late = owner.monitor(3, "late", other)
      owner.turns(web, "Down")
      owner.until(3)
      owner.turns(api, "Down", 1)
      owner.until(minute)
      owner.turns(late, "Down", 10)
      owner.until(5 * minute)
      owner.turns(web, "Up")
      owner.until(6 * minute)
      owner.turns(api, "Up")
      owner.turns(late, "Up")
      owner.until(hour)
      assert.deepStrictEqual(owner.lines, [
        "+5 1 opened: 2 monitors are down",
        "+90 1 updated:1: 3 monitors are down",
        "+360 1 resolved: 3 monitors were down",
      ])
    })
  }

  it("many that join within the half minute are one message; those that are well again by then are none", () => {
    const owner = new Owner()
    const monitors = Array.from({ length: 40 }, (_, i) => owner.monitor(i + 1, `m${i + 1}`, { group: "lab" }))
    const [first, brief, ...rest] = monitors
    if (first === undefined || brief === undefined) return assert.fail("no monitors")
    owner.turns(first, "Down")
    owner.until(minute)
    owner.turns(brief, "Down")
    owner.until(minute + 10)
    owner.turns(brief, "Up")
    owner.until(2 * minute)
    assert.strictEqual(owner.received.length, 1)
    for (const id of rest) {
      owner.turns(id, "Down")
      owner.until(seconds(owner) + 0.5)
    }
    owner.until(5 * minute)
    assert.deepStrictEqual(owner.lines.slice(1), ["+150 1 updated:1: 39 monitors are down"])
  })

  it("but not what fails more than ten minutes later, nor what does not fold", () => {
    const owner = new Owner()
    const web = owner.monitor(1, "web", { group: "shop" })
    const later = owner.monitor(2, "later", { group: "shop" })
    const alone = owner.monitor(3, "alone", { group: "shop", alerts: { fold: false } })
    owner.turns(web, "Down")
    owner.turns(alone, "Down")
    owner.until(11 * minute)
    owner.turns(later, "Down")
    owner.until(hour)
    assert.deepStrictEqual(owner.lines, [
      "+5 1 opened: web is down",
      "+5 1 opened: alone is down",
      "+665 1 opened: later is down",
    ])
  })

  it("tell each channel of what it hears of: first when that is due, and then what is new", () => {
    const owner = new Owner([channel(1), channel(2, { isDefault: false })])
    const web = owner.monitor(1, "web", { group: "shop" })
    const api = owner.monitor(2, "api", { group: "shop", alerts: { channels: [channelId(2)] } })
    const silent = owner.monitor(3, "silent", { group: "shop", alerts: { channels: [] } })
    owner.turns(web, "Down")
    owner.until(minute)
    owner.turns(api, "Down")
    owner.turns(silent, "Down")
    owner.until(2 * minute)
    owner.turns(web, "Up")
    owner.turns(api, "Up")
    owner.until(3 * minute)
    assert.deepStrictEqual(owner.lines, ["+5 1 opened: web is down", "+65 2 opened: 3 monitors are down"])
    owner.turns(silent, "Up")
    owner.until(4 * minute)
    assert.deepStrictEqual(owner.lines.slice(2), [
      "+180 1 resolved: 3 monitors were down",
      "+180 2 resolved: 3 monitors were down",
    ])
  })

  it("begin with the first of them, whichever is shown first", () => {
    const owner = new Owner()
    const web = owner.monitor(1, "web", { group: "shop" })
    const api = owner.monitor(2, "api", { group: "shop" })
    owner.until(minute)
    owner.turns(web, "Down", 10)
    owner.turns(api, "Down", 50)
    owner.judge()
    assert.strictEqual(owner.world.incidents[0]?.startedAt, Owner.start + 10_000)
  })

  it("are told later where a parent of what joined may be the cause", () => {
    const owner = new Owner()
    const web = owner.monitor(1, "web", { group: "shop" })
    const api = owner.monitor(2, "api", { group: "shop", parents: [owner.monitor(3, "router")] })
    owner.turns(web, "Down")
    owner.until(minute)
    owner.turns(api, "Down")
    owner.until(hour)
    assert.deepStrictEqual(owner.lines, ["+5 1 opened: web is down", "+137 1 updated:1: 2 monitors are down"])
  })

  it("are as severe as the worst of them that is not well", () => {
    const owner = new Owner()
    const alerts = { on: ["Down", "Degraded"] } as const
    const web = owner.monitor(1, "web", { group: "shop", alerts })
    const api = owner.monitor(2, "api", { group: "shop", alerts })
    owner.turns(web, "Down")
    owner.turns(api, "Degraded")
    owner.until(minute)
    assert.deepInclude(owner.world.incidents[0], { severity: "Down", title: "1 monitor is down, 1 degraded" })
    owner.turns(web, "Up")
    owner.until(2 * minute)
    assert.deepInclude(owner.world.incidents[0], { severity: "Degraded", title: "api is degraded" })
    owner.turns(api, "Up")
    owner.until(3 * minute)
    assert.deepStrictEqual(owner.lines, [
      "+5 1 opened: 1 monitor is down, 1 degraded",
      "+120 1 resolved: 1 monitor was down, 1 degraded",
    ])
  })
})
