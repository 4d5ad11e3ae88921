import { inkOn, readableOn } from "./Contrast.ts"
import { markup } from "./Markup.ts"
import type { PublicPage } from "./PublicPage.ts"
import { statusColour } from "./StatusColour.ts"
import { fitted } from "./TextWidth.ts"
import { wordsOf } from "./Words.ts"

const width = 1200
const height = 630
const margin = 80

/**
 * The picture that is shown where a page is linked to, 1200 by 630 pixels (https://ogp.me): its title, and how all is.
 *
 * @param fontFamily what its text is set in, as SVG names it
 */
export const openGraphSvg = (page: PublicPage, fontFamily: string): string => {
  const { texts } = wordsOf(page)
  const accent = readableOn(page.accent, "#ffffff")
  const colour = statusColour[page.status]
  const room = width - 2 * margin
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><path fill="#ffffff" d="M0 0h1200v630H0z"/><path fill="${accent}" d="M0 0h1200v16H0z"/><g font-family="${fontFamily}"><text x="${margin}" y="230" font-size="72" fill="#161a20">${fitted(page.title, 72, room)}</text><text x="${margin}" y="300" font-size="32" fill="#59616d">${fitted(page.description, 32, room)}</text><rect x="${margin}" y="410" width="${room}" height="120" rx="24" fill="${colour}"/><text x="${margin + 48}" y="486" font-size="44" fill="${inkOn(colour)}">${fitted(texts.overall[page.status], 44, room - 96)}</text></g></svg>`.toString()
}
