import { assert, describe, it } from "@effect/vitest"
import { openGraphSvg } from "@uptime/statuspage/OpenGraphSvg"
import type { PublicPage } from "@uptime/statuspage/PublicPage"
import { FastCheck as fc } from "effect"
import { XMLValidator } from "fast-xml-parser"
import { anyLanguage, anyPage, elementsOf, hostile, withText } from "./AnyPage.ts"
import { samplePage } from "./SamplePage.ts"

describe("the picture of a page", () => {
  it("says what the page is called and how all is", () => {
    const svg = openGraphSvg(samplePage, "DejaVu Sans")
    assert.include(svg, ">Acme Status<")
    assert.include(svg, ">Some systems are down<")
    assert.include(svg, `width="1200" height="630"`)
  })

  it("shows a long title whole, in two lines between words", () => {
    const lines = (page: PublicPage) =>
      [...openGraphSvg(page, "DejaVu Sans").matchAll(/font-size="72"[^>]*>([^<]+)</g)].map(([, text]) => text)
    assert.deepStrictEqual(lines({ ...samplePage, title: "The status of everything that Acme offers" }), [
      "The status of everything",
      "that Acme offers",
    ])
    const japanese = { ...samplePage, language: "ja" as const, title: "アクメの稼働状況をお知らせするページ" }
    assert.strictEqual(lines(japanese).join(""), japanese.title)
  })

  it("is well-formed in every language, shows text as text, and cuts what is too long", () => {
    fc.assert(
      fc.property(anyPage, anyLanguage, (any, language) => {
        const page = { ...any, language }
        const svg = openGraphSvg(withText(page, hostile), "DejaVu Sans")
        assert.isTrue(XMLValidator.validate(svg))
        assert.deepStrictEqual(elementsOf(svg), elementsOf(openGraphSvg(page, "DejaVu Sans")))
        assert.isBelow(openGraphSvg(withText(page, "W".repeat(5000)), "DejaVu Sans").length, 2000)
      }),
      { numRuns: 40 },
    )
  })
})
