import { assert, describe, it } from "@effect/vitest"
import { contrast, inkOn, readableOn } from "@uptime/statuspage/Contrast"
import { pageStyle } from "@uptime/statuspage/PageStyle"
import { FastCheck as fc } from "effect"

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`)

/** The values of the variables of a theme. */
const themes = (style: string) => {
  const variables = [...style.matchAll(/--([a-z]+):(#[0-9a-f]{3,6})/g)]
  const theme = (nth: number) => {
    const of = (name: string) => {
      const [, , value = ""] = variables.filter(([, other]) => other === name)[nth] ?? []
      return value.length === 4 ? `#${[...value.slice(1)].map((digit) => digit + digit).join("")}` : value
    }
    return of
  }
  return [theme(0), theme(1)]
}

describe("colours", () => {
  it("contrast as WCAG says", () => {
    assert.approximately(contrast("#000000", "#ffffff"), 21, 0.001)
    assert.approximately(contrast("#777777", "#ffffff"), 4.48, 0.01)
  })

  it("of any accent can be read in both themes, and what stands on them too", () => {
    fc.assert(
      fc.property(colour, fc.constantFrom("#ffffff", "#161b22", "#f5f6f8", "#0d1117"), (accent, background) => {
        const readable = readableOn(accent, background)
        assert.isAtLeast(contrast(readable, background), 4.5)
        assert.isAtLeast(contrast(inkOn(readable), readable), 4.5)
      }),
    )
  })

  it("that can be read already stay", () => {
    assert.strictEqual(readableOn("#2563eb", "#ffffff"), "#2563eb")
  })

  it("of texts and bars can be told from what is behind them, in both themes", () => {
    for (const of of themes(pageStyle("#ffee00"))) {
      for (const behind of ["c", "bg"]) {
        for (const text of ["f", "s", "u", "g", "p", "d", "m", "n", "a"]) {
          assert.isAtLeast(contrast(of(text), of(behind)), 4.5, `${text} on ${behind}`)
        }
      }
      for (const bar of ["bu", "bp", "bd"]) assert.isAtLeast(contrast(of(bar), of("c")), 3, bar)
    }
  })

  it("that are none leave no trace in a style sheet", () => {
    assert.strictEqual(pageStyle("red}</style>"), pageStyle("#2563eb"))
  })
})
