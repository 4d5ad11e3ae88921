import { assert, describe, it } from "@effect/vitest"
import { bareNoticeHtml } from "@uptime/statuspage/BareNotice"
import { noticeHtml, passwordHtml, subscribeHtml, subscriptionHtml } from "@uptime/statuspage/FormPages"
import { hasHistory, historyHtml } from "@uptime/statuspage/HistoryHtml"
import { incidentHtml, incidentOf } from "@uptime/statuspage/IncidentHtml"
import { pageHtml } from "@uptime/statuspage/PageHtml"
import { linksOf } from "@uptime/statuspage/PageLinks"
import { type PublicPage, PublicRegionStatus, type PublicStatus } from "@uptime/statuspage/PublicPage"
import { hasResponseTimes, responseHtml } from "@uptime/statuspage/ResponseHtml"
import { textsOf } from "@uptime/statuspage/Texts"
import { widgetHtml } from "@uptime/statuspage/WidgetHtml"
import { Arbitrary, FastCheck as fc } from "effect"
import { anyLanguage, anyPage, elementsOf, hostile, languages, withText } from "./AnyPage.ts"
import {
  builtAt,
  largePage,
  sampleDays,
  sampleIncident,
  sampleItem,
  samplePage,
  sampleRegionStatuses,
  sampleRegions,
  sampleResponse,
} from "./SamplePage.ts"

const linksFor = (page: PublicPage) =>
  linksOf({ slug: "acme", domain: page.domain === null ? null : "status.acme.example" }, "https://uptime.example.com")
const html = (page: PublicPage) => pageHtml(page, linksFor(page), { staleAt: builtAt + 60_000, subscribable: true })

/** Every document that there is of a page. */
const documents = (page: PublicPage): ReadonlyArray<string> => {
  const links = linksFor(page)
  return [
    html(page),
    widgetHtml(page, links),
    responseHtml(page, links),
    historyHtml(page, "2026-11", links),
    ...[...page.incidents, ...page.pastIncidents].slice(0, 2).map((incident) => incidentHtml(page, incident, links)),
    passwordHtml(page, links, "wrongPassword"),
    subscribeHtml(page, links, ["email", "webhook"], "badEmail"),
    subscriptionHtml(page, links, "confirm", "/status/acme/subscription?token=a.b"),
    bareNoticeHtml(page.language, "notFound"),
    bareNoticeHtml(page.language, "away"),
    ...(
      ["checkInbox", "checkReceiver", "confirmed", "unsubscribed", "badLink", "notFound", "refused", "away"] as const
    ).map((notice) => noticeHtml(page, links, notice)),
  ]
}

describe("a status page", () => {
  it("has at most 40 KB of HTML and CSS with 50 monitors of 90 days, their response times and their regions, in every language", () => {
    for (const language of languages) {
      const page = {
        ...largePage,
        language,
        sections: largePage.sections.map((section) => ({
          ...section,
          items: section.items.map((item, i) => ({
            ...item,
            response: sampleResponse(150),
            regions: sampleRegions(150),
            regionStatuses: sampleRegionStatuses(i % 5 === 0 ? "Down" : "Up"),
          })),
        })),
      }
      assert.isAtMost(Buffer.byteLength(html(page)), 40 * 1024, language)
    }
  })

  it("draws what several monitors have in common once, and each with its own words", () => {
    const page = html(largePage)
    const drawn = [...page.matchAll(/<svg class="b"[^>]*aria-label="([^"]+)"[^>]*>(.*?)<\/svg>/g)]
    assert.lengthOf(drawn, 50)
    for (const [, , inner = ""] of drawn) {
      const [, id] = /^<use href="#([^"]+)"\/>$/.exec(inner) ?? []
      assert.isTrue(id === undefined ? inner.includes("<path") : page.includes(`<symbol id="${id}"`), inner)
    }
    assert.lengthOf(page.match(/<path class="bu" d="M0 20h359"\/>/g) ?? [], 1)
  })

  it("stays small where every day of every monitor is another", () => {
    const days = sampleDays(Object.fromEntries(Array.from({ length: 45 }, (_, i) => [i * 2, i % 3 === 0 ? 100 : 9000])))
    const restless = {
      ...samplePage,
      sections: [
        { name: "", items: Array.from({ length: 50 }, (_, n) => sampleItem(n, `Service ${n}`, "Up", { days })) },
      ],
    }
    assert.isAtMost(Buffer.byteLength(html(restless)), 130 * 1024)
  })

  it("shows text as text, whatever it is, in every document", () => {
    fc.assert(
      fc.property(anyPage, (page) => {
        const plain = documents(withText(page, "x"))
        documents(withText(page, hostile)).forEach((document, i) => {
          assert.deepStrictEqual(elementsOf(document), elementsOf(plain[i] ?? ""))
          assert.notMatch(document, /<script|onload='|\ud800(?![\udc00-\udfff])/)
        })
      }),
      { numRuns: 25 },
    )
  })

  it("holds no script, no style attribute and nothing from elsewhere", () => {
    for (const document of documents({ ...samplePage, logo: { type: "image/png", hash: "a" }, customCss: "b" })) {
      assert.notMatch(document, /<script| style=| on[a-z]+=|javascript:/)
      const loaded = [...document.matchAll(/(?:src|<link rel="stylesheet" href)="([^"]*)"/g)].map(([, url]) => url)
      assert.isTrue(loaded.every((url) => url?.startsWith("/status/acme/")))
    }
  })

  it("can be read without seeing it: one first heading, every picture named, every label said in the page's language", () => {
    fc.assert(
      fc.property(anyPage, anyLanguage, (page, language) => {
        for (const document of documents({ ...page, language })) {
          assert.include(document, `<html lang="${language}" dir="ltr">`)
          assert.strictEqual(document.match(/<main/g)?.length, 1)
          for (const [picture] of document.matchAll(/<svg[^>]*>/g)) {
            assert.match(picture, /aria-hidden="true"|role="img" aria-label="[^"]+"/)
          }
          const ids = [...document.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
          assert.strictEqual(new Set(ids).size, ids.length)
          assert.notInclude(document, "undefined")
        }
        assert.strictEqual(documents({ ...page, language })[0]?.match(/<h1/g)?.length, 1)
      }),
      { numRuns: 15 },
    )
  })

  it("says in words what its bars show", () => {
    const page = html(samplePage)
    assert.include(page, "Last 90 days: 99.983% uptime, 2 days with downtime: Nov 13, 2026: 99.849%, down for 2 min")
    assert.include(page, "no downtime.")
    assert.include(page, "<title>Nov 25, 2026: 91.666%, down for 2 hr</title>")
  })

  it("says how a monitor is from each region, in words, the worst first, in every language", () => {
    const region = (name: string, status: PublicStatus) => ({ name, status })
    const shown = (...regionStatuses: ReadonlyArray<PublicRegionStatus>) => {
      const item = sampleItem(1, "Website", "Partial", { regionStatuses })
      return html({ ...samplePage, sections: [{ name: "", items: [item] }] })
    }
    assert.include(shown(region("India", "Up"), region("USA", "Up")), `<p class="w">India, USA: Operational</p>`)
    assert.include(
      shown(region("Chile", "Unknown"), region("India", "Up"), region("Japan", "Degraded"), region("USA", "Down")),
      `<b class="d">USA: Outage</b> · <b class="g">Japan: Degraded performance</b> · India: Operational · Chile: No data`,
    )
    assert.notInclude(html(samplePage), "India: Operational")
    fc.assert(
      fc.property(anyLanguage, fc.array(Arbitrary.make(PublicRegionStatus), { maxLength: 64 }), (language, any) => {
        const regionStatuses = any.map(({ status }, i) => region(`region-${i}.`, status))
        const item = sampleItem(1, "Website", "Up", { regionStatuses })
        const words = html({ ...samplePage, language, sections: [{ name: "", items: [item] }] })
        for (const { name } of regionStatuses) assert.lengthOf(words.split(name), 2)
        for (const { status } of regionStatuses) assert.include(words, textsOf(language).status[status])
      }),
      { numRuns: 30 },
    )
  })

  it("shows its description, and when a maintenance is without saying the same day twice", () => {
    const page = html(samplePage)
    assert.include(page, "How the services of Acme are doing</p>")
    const times = /<time[^>]*>([^<]*)<\/time>([^<]*)<time[^>]*>([^<]*)<\/time>/.exec(page)?.slice(1).join("")
    assert.strictEqual(times?.replaceAll(/\s/g, " "), "Nov 26, 2026, 2:05 – 4:05 PM GMT+1")
    assert.notMatch(html({ ...samplePage, description: "" }), /<p[^>]*><\/p>/)
  })

  it("names what is affected in the order of the page, with something between the names", () => {
    const incident = sampleIncident(1, { items: ["item00000002", "item00000001"] as const })
    const affected = (language: PublicPage["language"]) =>
      /<p class="w">[^<]*Checkout[^<]*/.exec(html({ ...samplePage, language, incidents: [incident] }))?.[0]
    assert.include(affected("en"), "Website, Checkout")
    assert.include(affected("ja"), "Website、Checkout")
  })

  it("offers webhooks as the other way only where there is one besides", () => {
    const links = linksFor(samplePage)
    assert.include(subscribeHtml(samplePage, links, ["email", "webhook"]), "Or get a signed HTTPS request")
    assert.notInclude(subscribeHtml(samplePage, links, ["webhook"]), "Or get")
    assert.include(subscribeHtml(samplePage, links, []), links.rss)
  })

  it("says what is wrong with an address beside the form that it was typed into", () => {
    const links = linksFor(samplePage)
    const form = (failure: "badEmail" | "badUrl") => subscribeHtml(samplePage, links, ["email", "webhook"], failure)
    assert.match(form("badEmail"), /<p role="alert"[^>]*>[^<]*<\/p><form[^>]* action="[^"]*\/subscribe"/)
    assert.match(form("badUrl"), /<p role="alert"[^>]*>[^<]*<\/p><form[^>]* action="[^"]*\/subscribe\/webhook"/)
  })

  it("never rounds an uptime up", () => {
    const item = sampleItem(1, "Website", "Up", { uptime90d: 99.999 })
    const page = html({ ...samplePage, sections: [{ name: "", items: [item] }] })
    assert.include(page, "99.999% uptime")
    assert.notInclude(page, "100.00% uptime</b>")
  })

  it("draws as many charts as there is room for, and says the rest in words", () => {
    const items = (count: number) =>
      Array.from({ length: count }, (_, n) => sampleItem(n, `Service ${n}`, "Up", { response: sampleResponse(100) }))
    const figures = (count: number) =>
      html({ ...samplePage, sections: [{ name: "", items: items(count) }] }).match(/<figure/g)?.length ?? 0
    assert.strictEqual(figures(10), 10)
    assert.strictEqual(figures(11), 0)
    assert.include(
      html({ ...samplePage, sections: [{ name: "", items: items(11) }] }),
      "Response time, 7 days: 100 ms (",
    )
  })

  it("says how old it is where its source is away", () => {
    assert.include(html(samplePage), "1 min ago")
    assert.notInclude(pageHtml(samplePage, linksFor(samplePage)), "cannot be reached")
  })

  it("is kept from search engines where its owner says so, and its forms always are", () => {
    const links = linksFor(samplePage)
    assert.notInclude(pageHtml(samplePage, links), `content="noindex"`)
    assert.include(pageHtml({ ...samplePage, noindex: true }, links), `content="noindex"`)
    assert.include(subscribeHtml(samplePage, links, ["email", "webhook"]), `content="noindex"`)
  })

  it("shows nothing of itself on the form that asks for its password", () => {
    const secret = { ...samplePage, description: "only for partners" }
    assert.notInclude(passwordHtml(secret, linksFor(secret)), "only for partners")
  })
})

describe("response times", () => {
  it("are drawn for every item that has some, by region and over the week, and said in words", () => {
    const items = Array.from({ length: 30 }, (_, n) =>
      sampleItem(n, `Service ${n}`, "Up", { response: sampleResponse(100), regions: sampleRegions(100) }),
    )
    const page = { ...samplePage, sections: [{ name: "", items: [...items, sampleItem(99, "Silent", "Up")] }] }
    const document = responseHtml(page, linksFor(page))
    assert.lengthOf(document.match(/<figure/g) ?? [], 60)
    assert.lengthOf(document.match(/USA: Average \d+\sms, between/g) ?? [], 30)
    assert.lengthOf(document.match(/India: Average \d+\sms, between/g) ?? [], 30)
    assert.notInclude(document, "Silent")
    assert.include(html(page), linksFor(page).responseTimes)
    assert.isFalse(hasResponseTimes({ ...page, sections: [{ name: "", items: [sampleItem(99, "Silent", "Up")] }] }))
  })
})

describe("history", () => {
  it("is there for this month and twelve before, in the page's zone", () => {
    const page = { ...samplePage, builtAt: Date.parse("2026-10-31T23:30:00Z") }
    assert.isTrue(hasHistory(page, "2026-11"))
    assert.isTrue(hasHistory(page, "2025-11"))
    assert.isFalse(hasHistory(page, "2025-10"))
    assert.isFalse(hasHistory(page, "2026-12"))
    for (const text of ["", "2026-13", "2026-1", "2026-11-01", hostile]) assert.isFalse(hasHistory(page, text))
  })

  it("shows the incidents of its month and no others", () => {
    const november = historyHtml(samplePage, "2026-11", linksFor(samplePage))
    assert.include(november, "Search was slow")
    assert.notInclude(historyHtml(samplePage, "2026-10", linksFor(samplePage)), "Search was slow")
    assert.include(historyHtml(samplePage, "2026-10", linksFor(samplePage)), "No incidents")
    assert.notInclude(november, "Next month")
    assert.include(november, `href="/status/acme/history/2026-10"`)
  })
})

describe("an incident's page", () => {
  it("is there for the incidents of the page alone", () => {
    const open = samplePage.incidents[0]
    assert.strictEqual(incidentOf(samplePage, open?.id ?? ""), open)
    assert.isNull(incidentOf(samplePage, "00000000-0000-4000-8000-00000000dead"))
    assert.isNull(incidentOf(samplePage, hostile))
  })
})
