import { assert, describe, it } from "@effect/vitest"
import { atomFeed, atomType } from "@uptime/statuspage/AtomFeed"
import { jsonFeed, jsonFeedType } from "@uptime/statuspage/JsonFeed"
import { linksOf } from "@uptime/statuspage/PageLinks"
import type { PublicPage } from "@uptime/statuspage/PublicPage"
import { rssFeed, rssType } from "@uptime/statuspage/RssFeed"
import { FastCheck as fc } from "effect"
import { XMLParser, XMLValidator } from "fast-xml-parser"
import { anyPage, elementsOf, hostile, withText } from "./AnyPage.ts"
import { sampleIncident, samplePage } from "./SamplePage.ts"

const links = linksOf(samplePage, "https://uptime.example.com")
const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, trimValues: false })
const dates = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

describe("feeds", () => {
  it("tell of incidents and maintenances, the newest first, in three formats", () => {
    const rss = parser.parse(rssFeed(samplePage, links)).rss
    assert.strictEqual(rss["@_version"], "2.0")
    assert.strictEqual(rss.channel.title, "Acme Status")
    assert.strictEqual(rss.channel.link, "https://uptime.example.com/status/acme")
    assert.deepStrictEqual(
      rss.channel.item.map((item: { readonly title: string }) => item.title),
      [
        "Scheduled maintenance: New storage in the warehouse",
        "Checkout answers slowly or not at all",
        "API for partners and everybody else who builds on us: Partial outage",
        "Search was slow",
      ],
    )
    assert.match(rss.channel.item[1].description, /half of all payments/)
    assert.strictEqual(rss.channel.item[1].pubDate, "Wed, 25 Nov 2026 11:05:00 GMT")

    const atom = parser.parse(atomFeed(samplePage, links)).feed
    assert.strictEqual(atom["@_xmlns"], "http://www.w3.org/2005/Atom")
    assert.strictEqual(atom.entry[1].id, "urn:uuid:00000000-0000-4000-8000-000000000001")
    assert.strictEqual(atom.entry[1].updated, "2026-11-25T12:35:00.000Z")
    assert.strictEqual(atom.updated, atom.entry[0].updated)

    const json = JSON.parse(jsonFeed(samplePage, links))
    assert.strictEqual(json.version, "https://jsonfeed.org/version/1.1")
    assert.strictEqual(json.items[1].url, `https://uptime.example.com/status/acme/incidents/${sampleIncident(1).id}`)
  })

  it("are well-formed and whole, whatever is on the page", () => {
    fc.assert(
      fc.property(anyPage, (page: PublicPage) => {
        const bad = withText(page, hostile)
        const plain = withText(page, "x")
        for (const feed of [rssFeed, atomFeed]) {
          const text = feed(bad, links)
          assert.isTrue(XMLValidator.validate(text))
          assert.deepStrictEqual(elementsOf(text), elementsOf(feed(plain, links)))
        }
        const { entry, updated } = parser.parse(atomFeed(bad, links)).feed
        assert.match(updated, dates)
        for (const one of [entry ?? []].flat()) assert.isTrue(dates.test(one.updated) && dates.test(one.published))
        const json = JSON.parse(jsonFeed(bad, links))
        assert.strictEqual(json.items.length, [entry ?? []].flat().length)
        for (const item of json.items) assert.isTrue(typeof item.id === "string" && dates.test(item.date_published))
      }),
      { numRuns: 40 },
    )
  })

  it("end after fifty entries", () => {
    const many = { ...samplePage, pastIncidents: Array.from({ length: 200 }, (_, n) => sampleIncident(n + 10)) }
    assert.strictEqual(JSON.parse(jsonFeed(many, links)).items.length, 50)
  })

  it("say what they are", () => {
    assert.deepStrictEqual(
      [rssType, atomType, jsonFeedType].map((type) => type.split(";")[0]),
      ["application/rss+xml", "application/atom+xml", "application/feed+json"],
    )
  })
})
