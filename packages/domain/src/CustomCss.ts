import { Schema } from "effect"
import { linesOfText } from "./Text.ts"

/** The longest style sheet of a page's own, in UTF-16 code units. */
export const maxCustomCss = 20_000

/**
 * What of a style sheet is not taken, or null: whatever could load something from elsewhere, end the element or the page it
 * stands in, or run. Names are looked at as a browser reads them: escapes (CSS Syntax Level 3, 4.3.7) are resolved, and
 * comments are left out.
 */
export const cssRefusal = (css: string): string | null => {
  const read = unescaped(css.replaceAll(/\/\*[\s\S]*?(?:\*\/|$)/g, ""))
  for (const text of [css, read]) {
    if (text.includes("</") || text.includes("<!--")) return "a style sheet must not hold </ or <!--"
    for (const [pattern, what] of refused) {
      if (pattern.test(text)) return `a style sheet must not use ${what}`
    }
    const foreign = [...text.matchAll(/url\s*\(\s*["']?([^)]*)/gi)].some(
      ([, target = ""]) => !isInlineImage.test(target),
    )
    if (foreign) return "url() may only hold an image in the style sheet itself (data:image/png, jpeg, gif or webp)"
  }
  return null
}

const isInlineImage = /^data:image\/(?:png|jpeg|gif|webp);base64,/i

const refused: ReadonlyArray<readonly [pattern: RegExp, what: string]> = [
  [/@import/i, "@import"],
  [/@font-face/i, "@font-face"],
  [/@namespace/i, "@namespace"],
  [/image-set\s*\(/i, "image-set()"],
  [/(?:^|[^-\w])src\s*\(/i, "src()"],
  [/expression\s*\(/i, "expression()"],
  [/javascript:/i, "javascript:"],
  [/(?:^|[^-\w])behavior\s*:/i, "behavior"],
  [/-moz-binding/i, "-moz-binding"],
]

const unescaped = (css: string): string =>
  css.replaceAll(/\\(?:([0-9a-f]{1,6})[ \t\r\n\f]?|([^\r\n\f]))/gi, (_, code?: string, char?: string) => {
    if (code === undefined) return char ?? ""
    const point = Number.parseInt(code, 16)
    return point === 0 || point > 0x10_ffff || (point >= 0xd800 && point <= 0xdfff)
      ? "\ufffd"
      : String.fromCodePoint(point)
  })

/** A style sheet of a page's own: nothing in it reaches beyond the page. Empty for none. */
export const CustomCss = linesOfText(0, maxCustomCss)
  .pipe(
    Schema.filter((css) => cssRefusal(css) ?? true, {
      arbitrary: () => (fc) => fc.constantFrom("", "h1 { color: #123456 }", ".bar::before { content: '\\201C' }"),
    }),
  )
  .annotations({ identifier: "CustomCss" })
