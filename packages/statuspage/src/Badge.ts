import type { BadgeText } from "./BadgeText.ts"
import { markup } from "./Markup.ts"
import { fitted, textWidth } from "./TextWidth.ts"

const size = 11
const padding = 6
const maxHalf = 240

/** A badge as a picture of 20 pixels' height: a label, and a message on its colour. */
export const badgeSvg = ({ colour, label, message }: BadgeText): string => {
  const [left, right] = [fitted(label, size, maxHalf), fitted(message, size, maxHalf)]
  const [leftText, rightText] = [left, right].map((text) => Math.ceil(textWidth(text, size)))
  const leftWidth = (leftText ?? 0) + 2 * padding
  const width = leftWidth + (rightText ?? 0) + 2 * padding
  const all = `${label}: ${message}`
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${all}"><title>${all}</title><clipPath id="r"><rect width="${width}" height="20" rx="3"/></clipPath><g clip-path="url(#r)"><path fill="#3f4650" d="M0 0h${leftWidth}v20H0z"/><path fill="${colour}" d="M${leftWidth} 0H${width}v20H${leftWidth}z"/></g><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="${size}"><text x="${padding}" y="14" textLength="${leftText}">${left}</text><text x="${leftWidth + padding}" y="14" textLength="${rightText}">${right}</text></g></svg>`.toString()
}

/** A badge as shields.io asks for it (https://shields.io/badges/endpoint-badge): JSON. */
export const badgeJson = ({ colour, label, message }: BadgeText): string =>
  JSON.stringify({ schemaVersion: 1, label, message, color: colour.slice(1), cacheSeconds: 300 })
