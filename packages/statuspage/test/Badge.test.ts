import { assert, describe, it } from "@effect/vitest"
import { badgeJson, badgeSvg } from "@uptime/statuspage/Badge"
import { badgeKinds, badgeText } from "@uptime/statuspage/BadgeText"
import { contrast } from "@uptime/statuspage/Contrast"
import { PublicItem } from "@uptime/statuspage/PublicPage"
import { fitted, textWidth, twoLines } from "@uptime/statuspage/TextWidth"
import { wordsOf } from "@uptime/statuspage/Words"
import { Arbitrary, FastCheck as fc } from "effect"
import { XMLValidator } from "fast-xml-parser"
import { anyLanguage, elementsOf, hostile } from "./AnyPage.ts"
import { builtAt, sampleItem, sampleResponse } from "./SamplePage.ts"

const words = wordsOf({ language: "en", timeZone: "UTC" })
const dayMs = 86_400_000
const item = sampleItem(1, "Website", "Up", { response: sampleResponse(100) })
const says = (kind: (typeof badgeKinds)[number], more: Partial<PublicItem> = {}) => {
  const { label, message } = badgeText({ ...item, ...more }, kind, builtAt, words)
  return `${label}: ${message}`
}

describe("badges", () => {
  it("say what they are asked for", () => {
    assert.strictEqual(says("status"), "status: up")
    assert.strictEqual(says("status", { status: "Partial" }), "status: partly down")
    assert.strictEqual(says("uptime-24h"), "uptime 24h: 100.00%")
    assert.strictEqual(says("uptime-7d"), "uptime 7d: 99.987%")
    assert.strictEqual(says("uptime-30d"), "uptime 30d: 99.991%")
    assert.strictEqual(says("uptime-90d", { uptime90d: null }), "uptime 90d: no data")
    assert.strictEqual(says("response", { response: { from: 0, values: [10, 42, null] } }), "response time: 42 ms")
    assert.strictEqual(says("response", { response: null }), "response time: no data")
    assert.strictEqual(says("certificate"), "certificate: 40 days left")
    assert.strictEqual(says("certificate", { certificateExpiresAt: builtAt + dayMs }), "certificate: 1 day left")
    assert.strictEqual(says("certificate", { certificateExpiresAt: builtAt }), "certificate: expired")
    assert.strictEqual(says("certificate", { certificateExpiresAt: null }), "certificate: no data")
  })

  it("are pictures that can be read, of any monitor in any language", () => {
    fc.assert(
      fc.property(Arbitrary.make(PublicItem), anyLanguage, fc.constantFrom(...badgeKinds), (any, language, kind) => {
        const text = badgeText(any, kind, builtAt, wordsOf({ language, timeZone: "UTC" }))
        const svg = badgeSvg(text)
        assert.isTrue(XMLValidator.validate(svg))
        assert.isAtLeast(contrast(text.colour, "#ffffff"), 4.5)
        assert.notMatch(svg, /NaN|undefined/)
        const json = JSON.parse(badgeJson(text))
        assert.deepStrictEqual(Object.keys(json), ["schemaVersion", "label", "message", "color", "cacheSeconds"])
        assert.match(json.color, /^[0-9a-f]{6}$/)
      }),
    )
  })

  it("show text as text, and stay narrow", () => {
    const badge = (label: string) => badgeSvg({ label, message: label, colour: "#157a45" })
    assert.deepStrictEqual(elementsOf(badge(hostile)), elementsOf(badge("x")))
    assert.isAtMost(Number(/width="(\d+)"/.exec(badge("W".repeat(10_000)))?.[1]), 520)
  })
})

describe("the width of text", () => {
  it("is that of DejaVu Sans", () => {
    assert.approximately(textWidth("uptime", 11), 38.806, 0.001)
    assert.strictEqual(textWidth("é", 11), textWidth("e", 11))
    assert.strictEqual(textWidth("状況", 10), 20)
  })

  it("is kept to by cutting, never within a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 20, max: 300 }), (text, width) => {
        const cut = fitted(text, 11, width)
        assert.isAtMost(textWidth(cut, 11), width)
        assert.isTrue(cut === text || cut.endsWith("…"))
        assert.isTrue(cut.isWellFormed())
      }),
    )
  })

  it("is kept to by two lines, which hold the whole text unless the second is cut", () => {
    const words = fc
      .array(fc.oneof(fc.string({ unit: "grapheme", maxLength: 8 }), fc.constant("状況")))
      .map((all) => all.join(" "))
    const bare = (text: string) => text.replaceAll(/\s/g, "")
    fc.assert(
      fc.property(words, anyLanguage, fc.integer({ min: 20, max: 300 }), (text, language, width) => {
        const [first, second] = twoLines(text, 11, width, language)
        for (const line of [first, second ?? ""]) assert.isAtMost(textWidth(line, 11), width)
        if (second === null) assert.isTrue(first === text || first.endsWith("…"))
        else assert.isTrue(second.endsWith("…") || bare(first + second) === bare(text))
        assert.isTrue(`${first}${second ?? ""}`.isWellFormed() || !text.isWellFormed())
      }),
    )
  })
})
