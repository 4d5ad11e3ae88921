import { indexIn, searchCost } from "./TextSearch.ts"
import type { Work } from "./Work.ts"

/**
 * Whether a pattern matches the whole of a text. `*` stands for any text, also for none and over lines; every other
 * character for itself. Each piece between two stars is looked for once, from the left: linear in the text. False as well when there is too little
 * work left for it.
 */
export const matchesGlob = (pattern: string, text: string, work: Work): boolean => {
  if (!work.spend(searchCost(text, pattern))) return false
  const pieces = pattern.split("*")
  const first = pieces[0] ?? ""
  if (pieces.length === 1) return text === first
  const last = pieces[pieces.length - 1] ?? ""
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  const end = text.length - last.length
  let position = first.length
  for (const piece of pieces.slice(1, -1)) {
    const found = indexIn(text, piece, position)
    if (found === -1) return false
    position = found + piece.length
  }
  return position <= end
}
