import type { Scanner } from "./Scanner.ts"

/** The one-letter escapes of JSON (RFC 8259, section 7) without those of the quotes. */
const escapes: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["/", "/"],
  ["\\", "\\"],
])

/**
 * Reads text in quotes, with the escapes of JSON, and gives what it stands for. The quote is the next code unit, single or
 * double, and the only one that may be escaped: the string literals of JSONPath (RFC 9535, section 2.3.1.1).
 */
export const scanQuoted = (scanner: Scanner): string | null => {
  const start = scanner.position
  const quote = scanner.next
  const parts: Array<string> = []
  scanner.position++
  while (true) {
    parts.push(scanner.takeWhile((unit) => unit !== quote && unit !== "\\" && unit !== "\t"))
    if (scanner.isAtEnd) return scanner.fail(`the quote ${quote} is not closed`, start)
    if (scanner.take(quote)) return parts.join("")
    if (scanner.next === "\t") return scanner.fail("a tab inside quotes is written \\t")
    const escaped = scanEscape(scanner, quote)
    if (escaped === null) return null
    parts.push(escaped)
  }
}

/** Reads an escape, whose backslash comes next. */
const scanEscape = (scanner: Scanner, quote: string): string | null => {
  const start = scanner.position
  scanner.position++
  const letter = scanner.next
  scanner.position++
  if (letter === quote) return quote
  const plain = escapes.get(letter)
  if (plain !== undefined) return plain
  const unit = letter === "u" ? scanHex(scanner) : null
  if (unit === null) return scanner.fail(`an escape is one of \\${quote} \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX`, start)
  if (unit.isWellFormed()) return unit
  const second = scanner.take("\\u") ? scanHex(scanner) : null
  const pair = unit + (second ?? "")
  return pair.isWellFormed() ? pair : scanner.fail("half of a pair of \\u escapes stands for no character", start)
}

const scanHex = (scanner: Scanner): string | null => {
  const digits = scanner.text.slice(scanner.position, scanner.position + 4)
  if (!/^[\da-fA-F]{4}$/.test(digits)) return null
  scanner.position += 4
  return String.fromCharCode(Number.parseInt(digits, 16))
}

/** Text in double quotes, as `scanQuoted` reads it, without any control character. */
export const printQuoted = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\u009f]/g, (unit) => `\\u00${unit.charCodeAt(0).toString(16)}`)
