import { assert, describe, it } from "@effect/vitest"
import { contrast } from "@uptime/statuspage/Contrast"
import fc from "fast-check"
import { accentSamples, isColour } from "../../src/statusPages/accent.ts"

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`)

describe("an accent colour", () => {
  it("can be read in both themes as it is shown there, and is changed only where it could not", () => {
    fc.assert(
      fc.property(colour, (accent) => {
        assert.isTrue(isColour(accent))
        for (const { background, colour: shown, isReadable, ratio } of accentSamples(accent)) {
          assert.isAtLeast(contrast(shown, background), 4.5)
          assert.strictEqual(isReadable, contrast(accent, background) >= 4.5)
          assert.isAtMost(ratio, contrast(accent, background))
        }
      }),
    )
  })

  it("that is no colour yet is not taken for one", () => {
    for (const text of ["", "#", "#12345", "blue", "#12345g", "#1234567"]) assert.isFalse(isColour(text), text)
  })
})
