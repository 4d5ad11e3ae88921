import { assert, describe, it } from "@effect/vitest"
import { type PagePart, pagePath, partOf } from "@uptime/api/pages/PagePath"
import { PageSlug } from "@uptime/domain/StatusPage"
import { pageLinks } from "@uptime/statuspage/PageLinks"
import { FastCheck as fc, Schema } from "effect"

const slug = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/).filter(Schema.is(PageSlug))
const month = fc
  .tuple(fc.integer({ min: 1970, max: 9999 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, number]) => `${year}-${String(number).padStart(2, "0")}`)

describe("the path of a page", () => {
  it("is the one that links lead to, below /status and on a host name of its own", () => {
    fc.assert(
      fc.property(slug, month, fc.uuid(), (name, when, id) => {
        const base = `/status/${name}`
        const expected = (links: ReturnType<typeof pageLinks>): ReadonlyArray<readonly [string, PagePart]> => [
          [links.home, { part: "html" }],
          [links.history(when), { part: "history", month: when }],
          [links.incident(id), { part: "incident", id }],
          [links.responseTimes, { part: "response" }],
          [links.rss, { part: "feed", format: "rss" }],
          [links.atom, { part: "feed", format: "atom" }],
          [links.json, { part: "feed", format: "json" }],
          [links.subscribe, { part: "subscribe" }],
          [links.subscribeWebhook, { part: "subscribeWebhook" }],
          [links.password, { part: "password" }],
          [new URL(links.picture).pathname, { part: "picture" }],
          [new URL(links.logo("a"), links.page).pathname, { part: "logo" }],
          [new URL(links.style("a"), links.page).pathname, { part: "style" }],
        ]
        for (const [path, asked] of expected(pageLinks("https://uptime.example", base))) {
          assert.deepStrictEqual(pagePath(path), { slug: name, base, asked })
        }
        for (const [path, asked] of expected(pageLinks("https://status.example", ""))) {
          assert.deepStrictEqual(partOf(path), asked)
        }
      }),
    )
  })

  it("is one of a page, or null, whatever is asked for", () => {
    const part = fc.oneof(fc.string(), fc.constantFrom("status", "acme", "..", "badges", "history", "feed.rss", "%2e"))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const path = `/${parts.join("/")}`
        const found = pagePath(path)
        if (found === null) return
        assert.isTrue(path.startsWith(found.base))
        assert.match(found.slug, /^[a-z0-9-]{1,63}$/)
        if (found.asked !== null && !path.endsWith(".json")) {
          assert.deepStrictEqual(partOf(path.slice(found.base.length)), found.asked)
        }
      }),
    )
    for (const path of ["/", "/status", "/status/", "/statuses/a", "/status/A", `/status/${"a".repeat(64)}`]) {
      assert.isNull(pagePath(path))
    }
    for (const rest of ["/og.png/", "/history/2026-1", "/incidents/x", "/badges/short/status.svg", "/feed.xml"]) {
      assert.isNull(partOf(rest))
    }
  })
})
