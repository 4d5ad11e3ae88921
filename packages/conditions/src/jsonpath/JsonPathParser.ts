import { scanQuoted } from "../QuotedText.ts"
import type { Scanner } from "../Scanner.ts"
import { type JsonPath, makePath, type Segment, type Selector, shorthandName } from "./JsonPath.ts"
import { filterTest } from "./JsonPathFilterParser.ts"

/**
 * Reads the segments of a path that begins at the body, with `[BODY]` behind it. A name after a dot may be anything up to
 * what ends one, such as `content-type` or `@id`, which RFC 9535 wants in brackets.
 */
export const bodyPath = (scanner: Scanner): JsonPath | null => segmentsOf(scanner, { isLenient: true, blanks: false })

/** Reads the segments of a query by RFC 9535, with its `$` behind it. A blank ends it. */
export const strictPath = (scanner: Scanner): JsonPath | null =>
  segmentsOf(scanner, { isLenient: false, blanks: false })

/** Reads the segments of a query in a filter, with its `$` or `@` behind it. Blanks may stand between them. */
const filterPath = (scanner: Scanner): JsonPath | null => segmentsOf(scanner, { isLenient: false, blanks: true })

interface Manner {
  readonly isLenient: boolean
  readonly blanks: boolean
}

const segmentsOf = (scanner: Scanner, manner: Manner): JsonPath | null => {
  const segments: Array<Segment> = []
  while (true) {
    const end = scanner.position
    if (manner.blanks) scanner.skipBlanks()
    if (scanner.next !== "." && scanner.next !== "[") {
      scanner.position = end
      return makePath(segments)
    }
    const segment = segmentOf(scanner, manner)
    if (segment === null) return null
    segments.push(segment)
  }
}

const segmentOf = (scanner: Scanner, { isLenient }: Manner): Segment | null => {
  const isDescendant = scanner.take("..")
  if (isDescendant ? scanner.sees("[") : !scanner.take(".")) {
    const selectors = bracketed(scanner)
    return selectors === null ? null : { isDescendant, selectors }
  }
  if (scanner.take("*")) return { isDescendant, selectors: [{ _tag: "Wildcard" }] }
  const start = scanner.position
  const name = scanner.takeWhile(isLenient ? isLenientUnit : isNameUnit)
  if (name === "" || !(isLenient || shorthandName.test(name))) return scanner.expected("a name or *", start)
  return { isDescendant, selectors: [{ _tag: "Name", name }] }
}

const isNameUnit = (unit: string): boolean => shorthandName.test(`_${unit}`)

const isLenientUnit = (unit: string): boolean => !/[\s.*[\](),'"<>=!&|?]/.test(unit)

const bracketed = (scanner: Scanner): ReadonlyArray<Selector> | null => {
  const selectors: Array<Selector> = []
  scanner.position++
  while (true) {
    scanner.skipBlanks()
    const selector = selectorOf(scanner)
    if (selector === null) return null
    selectors.push(selector)
    scanner.skipBlanks()
    if (scanner.take("]")) return selectors
    if (!scanner.take(",")) return scanner.expected(", or ]")
  }
}

const selectorOf = (scanner: Scanner): Selector | null => {
  if (scanner.next === '"' || scanner.next === "'") {
    const name = scanQuoted(scanner)
    return name === null ? null : { _tag: "Name", name }
  }
  if (scanner.take("*")) return { _tag: "Wildcard" }
  if (scanner.take("?")) {
    const test = filterTest(scanner, filterPath)
    return test === null ? null : { _tag: "Filter", test }
  }
  if (/[-\d:]/.test(scanner.next)) return indexOrSlice(scanner)
  return scanner.expected("a name in quotes, an index, a slice, * or ?")
}

const indexOrSlice = (scanner: Scanner): Selector | null => {
  const start = integerOf(scanner)
  if (scanner.error !== null) return null
  const isSlice = takeAfterBlanks(scanner, ":")
  if (!isSlice) return start === null ? scanner.expected("an index") : { _tag: "Index", index: start }
  scanner.skipBlanks()
  const end = integerOf(scanner)
  const hasStep = takeAfterBlanks(scanner, ":")
  if (hasStep) scanner.skipBlanks()
  const step = hasStep ? integerOf(scanner) : null
  return scanner.error === null ? { _tag: "Slice", start, end, step } : null
}

const takeAfterBlanks = (scanner: Scanner, token: string): boolean => {
  const end = scanner.position
  scanner.skipBlanks()
  if (scanner.take(token)) return true
  scanner.position = end
  return false
}

/** Reads an integer where one comes next (RFC 9535, section 2.3.3.1); null as well where there is none. */
const integerOf = (scanner: Scanner): number | null => {
  const start = scanner.position
  const written = scanner.takeWhile((unit) => /[-\d]/.test(unit))
  if (written === "") return null
  const value = /^(?:0|-?[1-9]\d*)$/.test(written) ? Number(written) : Number.NaN
  return Number.isSafeInteger(value) ? value : scanner.expected("a whole number", start)
}
