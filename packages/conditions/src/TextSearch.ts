/**
 * The longest piece of text that V8 itself finds in time linear in the text, in UTF-16 code units: its tables know no more of
 * a piece than its last 250, and may compare all before them at every place.
 */
const maxNativePiece = 250

/** What it costs to look for a piece in a text, in steps: a short piece is compared at every place where it could begin. */
export const searchCost = (text: string, piece: string): number => text.length + piece.length

/** `text.indexOf(piece, from)`, in time linear in the text whatever both are. */
export const indexIn = (text: string, piece: string, from = 0): number =>
  piece.length <= maxNativePiece ? text.indexOf(piece, from) : indexByBorders(text, piece, from)

/** The search of Knuth, Morris and Pratt: no character of the text is looked at again. */
const indexByBorders = (text: string, piece: string, from: number): number => {
  if (piece.length > text.length - from) return -1
  const borders = bordersOf(piece)
  let matched = 0
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    while (matched > 0 && piece.charCodeAt(matched) !== unit) matched = borders[matched - 1] ?? 0
    if (piece.charCodeAt(matched) === unit) matched++
    if (matched === piece.length) return i - matched + 1
  }
  return -1
}

/** For each beginning of a piece how much of it is its end as well, itself aside. */
const bordersOf = (piece: string): Uint32Array => {
  const borders = new Uint32Array(piece.length)
  let length = 0
  for (let i = 1; i < piece.length; i++) {
    while (length > 0 && piece.charCodeAt(i) !== piece.charCodeAt(length)) length = borders[length - 1] ?? 0
    if (piece.charCodeAt(i) === piece.charCodeAt(length)) length++
    borders[i] = length
  }
  return borders
}
