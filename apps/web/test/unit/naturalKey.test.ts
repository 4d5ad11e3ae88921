import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { naturalKey } from "../../src/monitors/list/naturalKey.ts"

const sorted = (names: ReadonlyArray<string>) =>
  names.toSorted((a, b) => {
    const [one, other] = [naturalKey(a), naturalKey(b)]
    return one === other ? 0 : one < other ? -1 : 1
  })

describe("names in natural order", () => {
  it("have numbers by value, and neither case nor accents count", () => {
    const names = ["10 web", "9 web", "api-2", "Api-10", "api 1", "Éclair", "eclipse", "Zebra", "Ärger", "ähnlich"]
    assert.deepStrictEqual(sorted(names), [
      "9 web",
      "10 web",
      "ähnlich",
      "api 1",
      "api-2",
      "Api-10",
      "Ärger",
      "Éclair",
      "eclipse",
      "Zebra",
    ])
  })

  it("come as a collator has them, for names of words and numbers", () => {
    const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" })
    const word = fc.constantFrom("shop", "Shop", "café", "CAFE", "web", "ä", "z")
    const name = fc
      .array(fc.oneof(word, fc.nat(10_000).map(String)), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(" "))
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [one, other] = [naturalKey(a), naturalKey(b)]
        assert.strictEqual(one === other ? 0 : one < other ? -1 : 1, Math.sign(collator.compare(a, b)))
      }),
    )
  })
})
