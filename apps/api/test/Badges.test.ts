import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { pageWorld } from "./StatusPages.ts"

describe("badges and feeds", () => {
  it.scopedLive("are there of what is public, and of nothing else", () =>
    Effect.gen(function* () {
      const { monitor, publicId, visit } = yield* pageWorld()
      const kinds = ["status", "uptime-24h", "uptime-7d", "uptime-30d", "uptime-90d", "certificate"]
      for (const kind of kinds) {
        const svg = yield* visit(`GET /status/acme/badges/${publicId}/${kind}.svg`)
        assert.strictEqual(svg.status, 200, kind)
        assert.include(svg.headers.get("content-type") ?? "", "image/svg+xml")
        assert.match(svg.text, /^<svg /)
        assert.strictEqual(svg.headers.get("cross-origin-resource-policy"), "cross-origin")
        assert.match(svg.headers.get("cache-control") ?? "", /^public, max-age=/)
        const json = JSON.parse((yield* visit(`GET /status/acme/badges/${publicId}/${kind}.json`)).text)
        assert.strictEqual(json.schemaVersion, 1)
        assert.isString(json.message)
      }
      for (const path of [
        `${monitor.id}/status.svg`,
        `${publicId}/nothing.svg`,
        `${publicId}/status.png`,
        `${publicId}/response.svg`,
        "AAAAAAAAAAAA/status.svg",
      ]) {
        assert.strictEqual((yield* visit(`GET /status/acme/badges/${path}`)).status, 404, path)
      }
      for (const [format, type] of [
        ["rss", "application/rss+xml"],
        ["atom", "application/atom+xml"],
        ["json", "application/feed+json"],
      ] as const) {
        const feed = yield* visit(`GET /status/acme/feed.${format}`)
        assert.strictEqual(feed.status, 200)
        assert.include(feed.headers.get("content-type") ?? "", type)
        assert.include(feed.text, "Acme")
      }
    }),
  )
})
