import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { loggedIn } from "./LoggedIn.ts"

describe("tags and groups", () => {
  it.scopedLive("are renamed on monitors and in maintenances by one call, and in nobody else's", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn()
      const monitor = (yield* send("POST /api/monitor", {
        url: "https://example.com/",
        tags: ["shop", "store"],
        group: "Europe",
      })).body.id
      const maintenance = (yield* send("POST /api/maintenances", {
        title: "Move",
        plan: { kind: "manual", from: "2026-01-01T00:00:00Z", endedAt: null },
        tags: ["shop"],
        groups: ["Asia", "Europe"],
      })).body.id
      const tag = yield* send("POST /api/tags/rename", { from: "shop", to: "store" })
      assert.deepStrictEqual([tag.status, tag.body], [200, { monitorCount: 1, maintenanceCount: 1 }])
      const group = yield* send("POST /api/groups/rename", { from: "Europe", to: "EU" })
      assert.deepStrictEqual(group.body, { monitorCount: 1, maintenanceCount: 1 })
      assert.deepInclude((yield* send(`GET /api/monitor/${monitor}`)).body, { tags: ["store"], group: "EU" })
      assert.deepInclude((yield* send(`GET /api/maintenances/${maintenance}`)).body, {
        tags: ["store"],
        groups: ["Asia", "EU"],
      })
      const none = yield* send("POST /api/tags/rename", { from: "shop", to: "x" })
      assert.deepStrictEqual(none.body, { monitorCount: 0, maintenanceCount: 0 })
      assert.strictEqual((yield* send("POST /api/tags/rename", { from: "store", to: "" })).status, 400)
    }),
  )
})
