import { assert, describe, it } from "@effect/vitest"
import type { MonitorId } from "@uptime/domain/Ids"
import { Owner } from "./Owner.ts"

const minute = 60
const hour = 60 * minute

describe("flapping", () => {
  /** Turns a monitor down and up again every two minutes. */
  const flap = (owner: Owner, id: MonitorId, changes: number, ago = 0) => {
    for (let i = 0; i < changes; i++) {
      owner.turns(id, i % 2 === 0 ? "Down" : "Up", ago)
      owner.until((owner.world.now - Owner.start) / 1_000 + 2 * minute)
    }
  }

  it("is told once, then silence, then what is", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api", { alerts: { reminderMinutes: 5 } })
    flap(owner, api, 16)
    assert.isNotNull(owner.get(api).flapping.since)
    owner.until(2 * hour)
    assert.deepStrictEqual(owner.lines, [
      "+5 1 opened: api is down",
      "+120 1 resolved: api was down",
      "+245 1 opened: api is down",
      "+360 1 resolved: api was down",
      "+485 1 opened: api is down",
      "+600 1 flapping:1: api is flapping",
      // The last change was at +1800.
      "+2700 1 resolved: api was down",
    ])
    assert.deepStrictEqual(owner.get(api).flapping, { changes: [], since: null })
  })

  it("is told also where it was noticed late", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api")
    owner.until(10 * minute)
    flap(owner, api, 6, 118)
    assert.strictEqual(owner.lines.at(-1), "+1200 1 flapping:1: api is flapping")
  })

  it("is forgotten under maintenance", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api")
    flap(owner, api, 7)
    owner.maintain(api, true)
    owner.judge()
    assert.deepStrictEqual(owner.get(api).flapping, { changes: [], since: null })
    assert.strictEqual(owner.lines.at(-1), "+840 1 resolved: api was down (api is under maintenance)")
  })

  it("that ends down is told to have settled, and reminded of again", () => {
    const owner = new Owner()
    const api = owner.monitor(1, "api", { alerts: { reminderMinutes: 60 } })
    flap(owner, api, 7)
    owner.until(3 * hour)
    assert.deepStrictEqual(owner.lines.slice(5), [
      "+600 1 flapping:1: api is flapping",
      "+1620 1 settled:1: api is down",
      "+5220 1 reminder:1: api is down",
      "+8820 1 reminder:2: api is down",
    ])
  })

  it("of a whole group is one message, and one when all of it has settled", () => {
    const owner = new Owner()
    const monitors = Array.from({ length: 20 }, (_, i) => owner.monitor(i + 1, `m${i + 1}`, { group: "lab" }))
    for (let i = 0; i < 7; i++) {
      for (const id of monitors) owner.turns(id, i % 2 === 0 ? "Down" : "Up")
      owner.until((owner.world.now - Owner.start) / 1_000 + 2 * minute)
    }
    owner.until(3 * hour)
    assert.deepStrictEqual(owner.lines.slice(5), [
      "+600 1 flapping:1: 20 monitors are flapping",
      "+1620 1 settled:1: 20 monitors are down",
    ])
  })
})
