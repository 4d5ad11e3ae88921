import { assert, describe, it } from "@effect/vitest"
import { durationTexts, timeTexts } from "../../src/monitors/detail/chart/axisText.ts"

describe("the words of an axis", () => {
  it("are of one unit, with as many digits as tell them apart", () => {
    assert.deepStrictEqual(durationTexts([0, 20, 40]), ["0", "20 ms", "40 ms"])
    assert.deepStrictEqual(durationTexts([0, 0.5, 1]), ["0", "0.5 ms", "1.0 ms"])
    assert.deepStrictEqual(durationTexts([0, 500, 1_000, 1_500]), ["0", "0.5 s", "1.0 s", "1.5 s"])
    assert.deepStrictEqual(durationTexts([0, 2_000]), ["0", "2 s"])
  })

  it("name the date once, where a day begins", () => {
    const hour = 3_600_000
    const start = new Date(2026, 10, 28, 22).getTime()
    const texts = timeTexts(
      [0, 1, 2, 3].map((n) => start + n * hour),
      hour,
    )
    assert.deepStrictEqual(texts.map(spaced), ["10:00 PM\nNov 28", "11:00 PM", "12:00 AM\nNov 29", "1:00 AM"])
    assert.deepStrictEqual(timeTexts([start], 24 * hour), ["Nov 28"])
    assert.deepStrictEqual(timeTexts([start], 30 * 24 * hour), ["Nov 2026"])
  })
})

/** Some versions of Intl write a narrow space before AM and PM. */
const spaced = (text: string): string => text.replaceAll("\u202f", " ")
