type Rgb = readonly [red: number, green: number, blue: number]

/** The least contrast of text with what is behind it (WCAG 2.2, 1.4.3, level AA). */
const minContrast = 4.5

const parsed = (colour: string): Rgb => {
  const [, hex = "2563eb"] = /^#([0-9a-f]{6})$/i.exec(colour) ?? []
  const value = Number.parseInt(hex, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

const written = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`

/** Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance"). */
const luminance = (rgb: Rgb): number => {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
}

/** The contrast of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export const contrast = (one: string, other: string): number => {
  const [a, b] = [luminance(parsed(one)), luminance(parsed(other))]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/**
 * The colour nearest to an accent that can be read on a background: mixed with black or white, in steps of a 50th, until
 * its contrast is 4.5. A colour that is none is taken for blue.
 *
 * @param accent `#rrggbb`
 * @param background `#rrggbb`
 */
export const readableOn = (accent: string, background: string): string => {
  const from = parsed(accent)
  const to = luminance(parsed(background)) > 0.18 ? 0 : 255
  for (let step = 0; step < 50; step++) {
    const [red, green, blue] = from
    const mixed = (part: number) => part + ((to - part) * step) / 50
    const colour = written([mixed(red), mixed(green), mixed(blue)])
    if (contrast(colour, background) >= minContrast) return colour
  }
  return to === 0 ? "#000000" : "#ffffff"
}

/** Black or white, whichever can be read better on a colour `#rrggbb`. */
export const inkOn = (colour: string): string =>
  contrast(colour, "#ffffff") >= contrast(colour, "#000000") ? "#ffffff" : "#000000"
