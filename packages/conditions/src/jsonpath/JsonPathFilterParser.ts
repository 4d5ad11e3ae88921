import { Either } from "effect"
import { scanQuoted } from "../QuotedText.ts"
import { fromIRegexp, programSize } from "../RegularExpression.ts"
import type { Scanner } from "../Scanner.ts"
import { type Comparable, comparisonOperators, type FilterQuery, type JsonPath, type Test } from "./JsonPath.ts"

/** Reads the segments of a query; handed in, because filters and queries contain each other. */
type ReadPath = (scanner: Scanner) => JsonPath | null

/**
 * Reads what a filter asks, with its `?` behind it: the grammar and the types of RFC 9535, sections 2.3.5 and 2.4. The
 * pattern of `match` and `search` must be written out, so that it is known, and bounded, before anything is matched.
 */
export const filterTest = (scanner: Scanner, readPath: ReadPath): Test | null => {
  scanner.skipBlanks()
  return orTest(scanner, readPath)
}

const orTest = (scanner: Scanner, readPath: ReadPath): Test | null =>
  chain(
    scanner,
    "||",
    () => andTest(scanner, readPath),
    (tests) => ({ _tag: "Or", tests }),
  )

const andTest = (scanner: Scanner, readPath: ReadPath): Test | null =>
  chain(
    scanner,
    "&&",
    () => basicTest(scanner, readPath),
    (tests) => ({ _tag: "And", tests }),
  )

const chain = (
  scanner: Scanner,
  token: string,
  readTest: () => Test | null,
  join: (tests: ReadonlyArray<Test>) => Test,
): Test | null => {
  const first = readTest()
  if (first === null) return null
  const tests = [first]
  while (true) {
    scanner.skipBlanks()
    if (!scanner.take(token)) return tests.length === 1 ? first : join(tests)
    scanner.skipBlanks()
    const next = readTest()
    if (next === null) return null
    tests.push(next)
  }
}

const basicTest = (scanner: Scanner, readPath: ReadPath): Test | null => {
  if (scanner.take("(")) return inParentheses(scanner, readPath)
  if (!scanner.take("!")) return testOf(scanner, readPath, true)
  scanner.skipBlanks()
  const test = scanner.take("(") ? inParentheses(scanner, readPath) : testOf(scanner, readPath, false)
  return test === null ? null : { _tag: "Not", test }
}

const inParentheses = (scanner: Scanner, readPath: ReadPath): Test | null => {
  const test = filterTest(scanner, readPath)
  if (test === null) return null
  scanner.skipBlanks()
  return scanner.take(")") ? test : scanner.expected("&& || or )")
}

/** Reads a comparison, where one `mayCompare`, the existence of what a query gives, or a function that says yes or no. */
const testOf = (scanner: Scanner, readPath: ReadPath, mayCompare: boolean): Test | null => {
  if (scanner.sees("match(") || scanner.sees("search(")) return matchOf(scanner, readPath)
  const start = scanner.position
  const left = comparableOf(scanner, readPath)
  if (left === null) return null
  const end = scanner.position
  scanner.skipBlanks()
  const operator = mayCompare ? comparisonOperators.find((token) => scanner.take(token)) : undefined
  if (operator === undefined) {
    scanner.position = end
    if (left._tag === "Query") return { _tag: "Exists", query: left.query }
    return mayCompare ? scanner.expected("a comparison") : scanner.expected("a query", start)
  }
  if (!isComparable(scanner, left, start)) return null
  scanner.skipBlanks()
  const rightStart = scanner.position
  const right = comparableOf(scanner, readPath)
  if (right === null || !isComparable(scanner, right, rightStart)) return null
  return { _tag: "Compare", left, operator, right }
}

const isComparable = (scanner: Scanner, side: Comparable, start: number): boolean => {
  if (side._tag !== "Query" || side.query.path.isSingular) return true
  scanner.fail("only a query that gives at most one value can be compared", start)
  return false
}

const comparableOf = (scanner: Scanner, readPath: ReadPath): Comparable | null => {
  const { next } = scanner
  if (next === "@" || next === "$") {
    const query = queryOf(scanner, readPath)
    return query === null ? null : { _tag: "Query", query }
  }
  if (next === '"' || next === "'") {
    const value = scanQuoted(scanner)
    return value === null ? null : { _tag: "Value", value }
  }
  if (/[-\d]/.test(next)) return numberOf(scanner)
  for (const name of ["length", "count", "value"] as const) {
    if (scanner.take(`${name}(`)) return functionOf(scanner, readPath, name)
  }
  const start = scanner.position
  const word = scanner.takeWhile((unit) => /[a-z_\d]/.test(unit))
  if (word === "true" || word === "false") return { _tag: "Value", value: word === "true" }
  return word === "null" ? { _tag: "Value", value: null } : scanner.expected("a query, a value or a function", start)
}

const queryOf = (scanner: Scanner, readPath: ReadPath): FilterQuery | null => {
  const from = scanner.next === "$" ? "$" : "@"
  if (!scanner.take(from)) return scanner.expected("a query")
  const path = readPath(scanner)
  return path === null ? null : { from, path }
}

const numberOf = (scanner: Scanner): Comparable | null => {
  const start = scanner.position
  const written = scanner.takeWhile((unit) => /[-+.\deE]/.test(unit))
  return /^(?:0|-?[1-9]\d*|-0)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(written)
    ? { _tag: "Value", value: Number(written) }
    : scanner.expected("a number as JSON has it", start)
}

/** Reads the argument of a function that gives a value, with its parenthesis behind it. */
const functionOf = (scanner: Scanner, readPath: ReadPath, name: "length" | "count" | "value"): Comparable | null => {
  scanner.skipBlanks()
  const start = scanner.position
  if (name === "length") {
    const of = comparableOf(scanner, readPath)
    if (of === null || !isComparable(scanner, of, start)) return null
    return closed(scanner) ? { _tag: "LengthOf", of } : null
  }
  const query = queryOf(scanner, readPath)
  if (query === null || !closed(scanner)) return null
  return { _tag: name === "count" ? "CountOf" : "ValueOf", query }
}

const matchOf = (scanner: Scanner, readPath: ReadPath): Test | null => {
  const name = scanner.take("match(") ? "match" : "search"
  if (name === "search") scanner.take("search(")
  scanner.skipBlanks()
  const start = scanner.position
  const of = comparableOf(scanner, readPath)
  if (of === null || !isComparable(scanner, of, start)) return null
  scanner.skipBlanks()
  if (!scanner.take(",")) return scanner.expected(",")
  scanner.skipBlanks()
  const patternStart = scanner.position
  if (scanner.next !== '"' && scanner.next !== "'") return scanner.expected("a regular expression in quotes")
  const pattern = scanQuoted(scanner)
  if (pattern === null) return null
  const mapped = fromIRegexp(pattern, name === "match")
  const size = programSize(pattern, mapped)
  if (Either.isLeft(size)) return scanner.fail(size.left.message, patternStart)
  return closed(scanner) ? { _tag: "Match", name, of, pattern, mapped, size: size.right } : null
}

const closed = (scanner: Scanner): boolean => {
  scanner.skipBlanks()
  if (scanner.take(")")) return true
  scanner.expected(")")
  return false
}
