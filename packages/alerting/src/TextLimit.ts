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

/** The bytes of a text in UTF-8. */
const utf8 = new TextEncoder()

/** As `cut`, with a limit in bytes of UTF-8. */
export const cutBytes = (text: string, maxBytes: number): string => {
  if (utf8.encode(text).length <= maxBytes) return text
  const ellipsis = 3
  let kept = ""
  let bytes = 0
  for (const character of text) {
    bytes += utf8.encode(character).length
    if (bytes > maxBytes - ellipsis) break
    kept += character
  }
  return maxBytes < ellipsis ? "" : `${kept.trimEnd()}…`
}
