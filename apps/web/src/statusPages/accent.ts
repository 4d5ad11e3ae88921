import { contrast, readableOn } from "@uptime/statuspage/Contrast"
import { pageBackgrounds } from "@uptime/statuspage/PageBackgrounds"

/** How an accent colour does in one of the two themes of a page. */
export interface AccentSample {
  readonly theme: "light" | "dark"
  readonly background: string
  /** The colour that is used there: the accent, or the nearest one that can be read. */
  readonly colour: string
  /** Of the accent itself with the background, 1 to 21, floored to one decimal. */
  readonly ratio: number
  readonly isReadable: boolean
}

/** Whether a text is a colour as the api takes it. */
export const isColour = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text)

/** How an accent colour `#rrggbb` does on a page, in both themes. */
export const accentSamples = (accent: string): ReadonlyArray<AccentSample> =>
  (["light", "dark"] as const).map((theme) => {
    const background = pageBackgrounds[theme]
    const colour = readableOn(accent, background)
    return {
      theme,
      background,
      colour,
      ratio: Math.floor(contrast(accent, background) * 10) / 10,
      isReadable: colour.toLowerCase() === accent.toLowerCase(),
    }
  })
