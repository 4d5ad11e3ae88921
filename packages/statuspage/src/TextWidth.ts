/** Advance widths of DejaVu Sans (its table `hmtx`) for printable ASCII from the space on, in 2048ths of the font's size. */
const ascii = [
  651, 821, 942, 1716, 1303, 1946, 1597, 563, 799, 799, 1024, 1716, 651, 739, 651, 690, 1303, 1303, 1303, 1303, 1303,
  1303, 1303, 1303, 1303, 1303, 690, 690, 1716, 1716, 1716, 1087, 2048, 1401, 1405, 1430, 1577, 1294, 1178, 1587, 1540,
  604, 604, 1343, 1141, 1767, 1532, 1612, 1235, 1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403, 1251, 1403, 799, 690,
  799, 1716, 1024, 1024, 1255, 1300, 1126, 1300, 1260, 721, 1300, 1298, 569, 569, 1186, 569, 1995, 1298, 1253, 1300,
  1300, 842, 1067, 803, 1298, 1212, 1675, 1212, 1212, 1075, 1303, 690, 1303, 1716,
]

/** Letters with marks are as wide as without. */
const base = (character: string): string => character.normalize("NFD").charAt(0)

/** Scripts whose characters fill a square. */
const square = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/

/**
 * About how wide a line of text is in DejaVu Sans; Verdana, which it resembles, is as wide within a few percent.
 *
 * @param size of the font, in the unit of the result
 */
export const textWidth = (text: string, size: number): number => {
  let width = 0
  for (const character of text) {
    width += ascii[base(character).charCodeAt(0) - 32] ?? (square.test(character) || character.length > 1 ? 2048 : 1400)
  }
  return (width * size) / 2048
}

/** A line of text cut to a width, with an ellipsis where something is missing; never within a character. */
export const fitted = (text: string, size: number, width: number): string => {
  if (textWidth(text, size) <= width) return text
  let kept = ""
  let used = textWidth("…", size)
  for (const character of text) {
    used += textWidth(character, size)
    if (used > width) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

/** How much of a text is looked at: no line is longer, and taking words apart takes time. */
const maxLooked = 500

/**
 * A text in two lines where one is not enough, parted between words where that can be; cut like `fitted`.
 *
 * @param locale the language of the text, which says where its words end
 */
export const twoLines = (
  text: string,
  size: number,
  width: number,
  locale: string,
): readonly [first: string, second: string | null] => {
  if (textWidth(text, size) <= width) return [text, null]
  const looked = text.slice(0, maxLooked)
  let end = 0
  for (const { index, segment } of new Intl.Segmenter(locale, { granularity: "word" }).segment(looked)) {
    if (textWidth(looked.slice(0, index + segment.trimEnd().length), size) > width) break
    end = index + segment.length
  }
  const first = looked.slice(0, end).trimEnd()
  // A word that is longer than a line is cut where it stands.
  return first === "" ? [fitted(text, size, width), null] : [first, fitted(text.slice(end).trimStart(), size, width)]
}
