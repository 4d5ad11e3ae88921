import { assert, describe, it } from "@effect/vitest"
import { PageLanguage } from "@uptime/domain/StatusPage"
import { FastCheck as fc } from "effect"
import { acceptedLanguage } from "../src/pages/AcceptLanguage.ts"

describe("the language that a visitor wants", () => {
  it("is the one that they want most of those that there are", () => {
    assert.strictEqual(acceptedLanguage(undefined), "en")
    assert.strictEqual(acceptedLanguage("ja"), "ja")
    assert.strictEqual(acceptedLanguage("nl-NL,nl;q=0.9,de-AT;q=0.8,en;q=0.7"), "de")
    assert.strictEqual(acceptedLanguage("en;q=0.5, FR-ca;q=0.9"), "fr")
    assert.strictEqual(acceptedLanguage("pt-PT"), "pt-BR")
    assert.strictEqual(acceptedLanguage("de;q=0, *"), "en")
  })

  it("is one that there is, whatever is sent", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (header) => {
        assert.include(PageLanguage.literals, acceptedLanguage(header))
      }),
    )
  })
})
