import { inkOn, readableOn } from "./Contrast.ts"
import { markup } from "./Markup.ts"
import type { PublicPage } from "./PublicPage.ts"
import { statusColour } from "./StatusColour.ts"
import { fitted, twoLines } from "./TextWidth.ts"
import { wordsOf } from "./Words.ts"

const width = 1200
const height = 630
const margin = 80
const titleSize = 72

/**
 * The picture that is shown where a page is linked to, 1200 by 630 pixels (https://ogp.me): its title, in two lines where it
 * is long, and how all is.
 *
 * @param fontFamily what its text is set in, as SVG names it
 */
export const openGraphSvg = (page: PublicPage, fontFamily: string): string => {
  const { texts } = wordsOf(page)
  const accent = readableOn(page.accent, "#ffffff")
  const colour = statusColour[page.status]
  const room = width - 2 * margin
  const [title, more] = twoLines(page.title, titleSize, room, page.language)
  const below = more === null ? 240 : 280
  const line = (y: number, text: string) =>
    markup`<text x="${margin}" y="${y}" font-size="${titleSize}" fill="#161a20">${text}</text>`
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><path fill="#ffffff" d="M0 0h1200v630H0z"/><path fill="${accent}" d="M0 0h1200v16H0z"/><g font-family="${fontFamily}">${line(more === null ? below : below - 92, title)}${line(below, more ?? "")}<text x="${margin}" y="${below + 72}" font-size="32" fill="#59616d">${fitted(page.description, 32, room)}</text><rect x="${margin}" y="430" width="${room}" height="120" rx="24" fill="${colour}"/><text x="${margin + 48}" y="506" font-size="44" fill="${inkOn(colour)}">${fitted(texts.overall[page.status], 44, room - 96)}</text></g></svg>`.toString()
}
