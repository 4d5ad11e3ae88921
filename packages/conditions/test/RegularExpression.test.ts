import { assert, describe, it } from "@effect/vitest"
import { matchesGlob } from "@uptime/conditions/Glob"
import { fromIRegexp, isFound, programSize } from "@uptime/conditions/RegularExpression"
import { Work } from "@uptime/conditions/Work"
import { Either, FastCheck as fc } from "effect"

const { pattern } = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "\\b", "^", "$", "é"),
    tie("pattern").map((inner) => `(?:${inner})`),
  ),
  pattern: fc
    .array(fc.tuple(tie("atom"), fc.constantFrom("", "", "*", "+?", "?", "{1,2}")), { maxLength: 4 })
    .map((parts) => parts.map(([atom, repeat]) => (/^(?:\\b|\^|\$)$/.test(atom) ? atom : atom + repeat)).join("")),
}))
const text = fc
  .array(fc.constantFrom("a", "b", "1", " ", "\n", "é", "\u{1f600}"), { maxLength: 8 })
  .map((one) => one.join(""))
const found = (one: string, inText: string) => isFound(one, Either.getOrThrow(programSize(one)), inText, new Work())

describe("a regular expression", () => {
  it("is found where the language's own engine finds it", () => {
    fc.assert(
      fc.property(pattern, text, (one, inText) => {
        fc.pre(one.length <= 200 && Either.isRight(programSize(one)))
        assert.strictEqual(found(one, inText), new RegExp(one, "u").test(inText), JSON.stringify([one, inText]))
      }),
      { numRuns: 400 },
    )
  })

  it("is compiled again when it was forgotten", () => {
    assert.isTrue(found("^first$", "first"))
    for (let i = 0; i < 1_100; i++) assert.isTrue(found(`^${i}$`, String(i)))
    assert.isTrue(found("^first$", "first"))
  })

  it.each([
    ["(?i)error", "an ERROR", true],
    ["a.c", "a\nc", false],
    ["(?s)a.c", "a\nc", true],
    ["(?m)^b$", "a\nb\nc", true],
    ["^b$", "a\nb", false],
    ["\\p{Greek}", "λ", true],
    ["", "anything", true],
  ])("%s in %j: %s", (one, inText, expected) => {
    assert.strictEqual(found(one, inText), expected)
  })

  it("of JSONPath means the whole text to match, and any line break ends its dot", () => {
    assert.isTrue(found(fromIRegexp("a.c", true), "abc"))
    assert.isFalse(found(fromIRegexp("a.c", true), "xabc"))
    assert.isTrue(found(fromIRegexp("a.c", false), "xabc"))
    assert.isFalse(found(fromIRegexp("a.c", false), "a\rc"))
    assert.isTrue(found(fromIRegexp("a[.]\\.c|b", true), "a..c"))
  })

  it("is refused without harm, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(fc.constantFrom(..."(a)[]{2}*+?|\\^$.-")).map((one) => one.join("")),
        ),
        (one) => {
          const size = programSize(one)
          if (Either.isRight(size)) return
          assert.isTrue(size.left.offset >= 0 && size.left.offset <= one.length)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe("pat()", () => {
  const piece = fc.array(fc.constantFrom("a", "b", "*", "/", "\n"), { maxLength: 7 }).map((one) => one.join(""))

  it("matches what the same regular expression would", () => {
    fc.assert(
      fc.property(piece, piece, (glob, inText) => {
        const same = new RegExp(`^${glob.split("*").join("[^]*")}$`, "u")
        assert.strictEqual(matchesGlob(glob, inText, new Work()), same.test(inText), JSON.stringify([glob, inText]))
      }),
      { numRuns: 3_000 },
    )
  })
})
