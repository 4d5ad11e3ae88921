import { assert, describe, it } from "@effect/vitest"
import { counted, filled, type Plural, textsOf } from "@uptime/statuspage/Texts"
import { wordsOf } from "@uptime/statuspage/Words"
import { FastCheck as fc } from "effect"
import { anyLanguage } from "./AnyPage.ts"

const languages = ["en", "de", "fr", "es", "pt-BR", "ja"] as const

/** Every text with its path; plurals by their path and rule. */
const flat = (value: object, path = ""): ReadonlyArray<readonly [string, string]> =>
  Object.entries(value).flatMap(([name, one]) =>
    typeof one === "string" ? [[`${path}${name}`, one] as const] : flat(one, `${path}${name}.`),
  )

const braces = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort()
const isPlural = (path: string) => /^(?:daysAgo|lastDays|daysDown|updates|more|daysLeft)\./.test(path)

describe("texts", () => {
  it("are there in every language, with the same to fill in", () => {
    const english = new Map(flat(textsOf("en")).filter(([path]) => !isPlural(path)))
    for (const language of languages) {
      const texts = flat(textsOf(language)).filter(([path]) => !isPlural(path))
      assert.deepStrictEqual(
        texts.map(([path]) => path),
        [...english.keys()],
      )
      for (const [path, text] of texts) {
        assert.notStrictEqual(text.trim(), "", `${language} ${path}`)
        assert.deepStrictEqual(braces(text), braces(english.get(path) ?? ""), `${language} ${path}`)
      }
    }
  })

  it("are translated", () => {
    for (const language of languages.slice(1)) {
      const own = flat(textsOf(language))
      const english = new Map(flat(textsOf("en")))
      const same = own.filter(([path, text]) => english.get(path) === text).length
      assert.isBelow(same / own.length, 0.15, language)
    }
  })

  it("have a form for every number that their language tells apart", () => {
    for (const language of languages) {
      const { daysAgo, lastDays, daysDown, updates, more, daysLeft } = textsOf(language)
      for (const rule of new Intl.PluralRules(language).resolvedOptions().pluralCategories) {
        for (const plural of [daysAgo, lastDays, daysDown, updates, more, daysLeft]) {
          const hasForm = plural[rule] !== undefined || (rule === "many" && plural.other !== "")
          assert.isTrue(hasForm, `${language} ${rule}`)
        }
      }
      for (const plural of [daysAgo, lastDays, daysDown, updates, more, daysLeft]) {
        for (const form of Object.values(plural)) assert.strictEqual(form.split("#").length, 2)
      }
    }
  })

  it("hold any number once", () => {
    const plural: Plural = { one: "# day", other: "# days" }
    fc.assert(
      fc.property(anyLanguage, fc.nat(), (language, number) => {
        assert.include(counted(language, plural, number), number.toLocaleString(language))
        assert.notInclude(counted(language, plural, number), "#")
      }),
    )
    assert.strictEqual(counted("en", plural, 1), "1 day")
    assert.strictEqual(counted("fr", plural, 0), "0 day")
  })

  it("leave what is filled in as it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.strictEqual(filled("a {x} b", { x: text }), `a ${text} b`)
      }),
    )
    assert.strictEqual(filled("{x}{y}{constructor}", { x: "{y}$&", y: "1" }), "{y}$&1{constructor}")
  })
})

describe("words", () => {
  it("put every instant, day, length of time and share into words, in every language", () => {
    fc.assert(
      fc.property(
        anyLanguage,
        fc.integer(),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.constantFrom("UTC", "Asia/Tokyo", "Nowhere/At all", ""),
        (language, at, share, timeZone) => {
          const words = wordsOf({ language, timeZone })
          for (const text of [words.instant(at), words.duration(at), words.percent(share), words.milliseconds(share)]) {
            assert.notMatch(text, /^$|NaN|Invalid|undefined/)
          }
          words.day(words.dayOf(at))
          if (share < 100) assert.notMatch(words.percent(share), /^100/)
        },
      ),
    )
  })

  it("are of the page's language and zone", () => {
    const berlin = wordsOf({ language: "de", timeZone: "Europe/Berlin" })
    assert.match(berlin.instant(Date.parse("2026-11-25T23:30:00Z")), /26\. Nov\. 2026, 00:30 MEZ/)
    assert.strictEqual(berlin.dayOf(Date.parse("2026-11-25T23:30:00Z")), "2026-11-26")
    assert.strictEqual(berlin.month("2026-03"), "März 2026")
    assert.strictEqual(wordsOf({ language: "ja", timeZone: "UTC" }).day("2026-03-01"), "2026年3月1日")
    assert.strictEqual(wordsOf({ language: "en", timeZone: "UTC" }).percent(99.983), "99.983%")
    assert.strictEqual(wordsOf({ language: "en", timeZone: "UTC" }).percent(99.9999), "99.999%")
  })

  it("stay short", () => {
    const names = Array.from({ length: 500 }, (_, n) => `service ${n}`)
    assert.isBelow(wordsOf({ language: "en", timeZone: "UTC" }).list(names).length, 200)
  })
})
