/**
 * What of a text may be shown in one line: control characters and line breaks become spaces, what turns the direction of
 * writing round (and so disguises what stands behind it) is dropped, halves of characters become U+FFFD.
 */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .trim()

/**
 * A text of at most `max` UTF-16 code units, which is never more than that many characters, however a provider counts. It
 * is cut between characters and ends in an ellipsis where it was cut.
 */
export const cut = (text: string, max: number): string => {
  if (text.length <= max) return text
  if (max <= 0) return ""
  let kept = ""
  for (const character of text) {
    if (kept.length + character.length > max - 1) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

/** One line of at most `max` UTF-16 code units. */
export const shortLine = (text: string, max: number): string => cut(oneLine(text), max)

/**
 * A text in pieces of at most `max` UTF-16 code units, which end where a line does if one ends in them, and never within a
 * character.
 *
 * @param max 2 at least
 */
export const inPieces = (text: string, max: number): ReadonlyArray<string> => {
  const pieces: Array<string> = []
  let rest = text
  while (rest.length > max) {
    const lineEnd = rest.lastIndexOf("\n", max)
    // What begins at the last place and is longer than that is a character of two units.
    const end = lineEnd > 0 ? lineEnd : (rest.codePointAt(max - 1) ?? 0) > 0xffff ? max - 1 : max
    pieces.push(rest.slice(0, end))
    rest = rest.slice(lineEnd > 0 ? end + 1 : end)
  }
  return [...pieces, rest]
}

/** The UTF-16 code units of a text, which are never fewer than its characters, however a provider counts. */
export const characters = (text: string): number => text.length

const utf8 = new TextEncoder()

/** The bytes of a text in UTF-8. */
export const bytes = (text: string): number => utf8.encode(text).length

/** The bytes of a text inside a string of JSON, in UTF-8. */
export const jsonBytes = (text: string): number => bytes(JSON.stringify(text)) - 2
