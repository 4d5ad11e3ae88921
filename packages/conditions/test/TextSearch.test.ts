import { assert, describe, it } from "@effect/vitest"
import { indexIn } from "@uptime/conditions/TextSearch"
import { FastCheck as fc } from "effect"

describe("a search for a piece of text", () => {
  const letters = fc.array(fc.constantFrom("a", "b"), { maxLength: 40 }).map((one) => one.join(""))

  it("finds the place that the text's own search finds, of short and of long pieces", () => {
    const counts = { found: 0, missing: 0 }
    const long = fc.tuple(letters, fc.nat(60), letters).map(([before, times, after]) => before.repeat(times) + after)
    fc.assert(
      fc.property(long, fc.oneof(letters, long), letters, letters, fc.nat(20), (piece, other, before, after, from) => {
        for (const text of [before + piece + after, other]) {
          const expected = text.indexOf(piece, from)
          assert.strictEqual(indexIn(text, piece, from), expected)
          if (piece.length > 250) counts[expected === -1 ? "missing" : "found"]++
        }
      }),
      { numRuns: 3_000 },
    )
    assert.isAbove(counts.found, 100)
    assert.isAbove(counts.missing, 100)
  })
})
