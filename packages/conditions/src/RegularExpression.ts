import { Either } from "effect"
import { RE2JS, RE2JSException, RE2JSSyntaxException, RE2Set } from "re2js"
import { BoundedCache } from "./BoundedCache.ts"
import { compareCost, type Work } from "./Work.ts"

/** The longest pattern, in UTF-16 code units. */
export const maxPatternLength = 200

/** The most instructions that a pattern may compile to. */
export const maxProgramSize = 500

/** The most memory that the engine may use to remember the states of one pattern, in bytes. */
const maxStateBytes = 65_536

/** What is wrong with a pattern, and where: an offset into it. */
export interface PatternProblem {
  readonly message: string
  readonly offset: number
}

/**
 * Reads a regular expression of RE2's syntax, which has neither look-around nor back-references and is matched in time
 * linear in the text, and gives the number of instructions it compiles to.
 *
 * @param pattern as it was written
 * @param mapped the same in RE2's syntax, where it was written in another
 */
export const programSize = (pattern: string, mapped = pattern): Either.Either<number, PatternProblem> => {
  if (pattern.length > maxPatternLength) {
    return Either.left({
      message: `a regular expression is at most ${maxPatternLength} characters long`,
      offset: maxPatternLength,
    })
  }
  try {
    const size = RE2JS.compile(mapped).programSize()
    if (size <= maxProgramSize) return Either.right(size)
    return Either.left({
      message: `the regular expression takes ${size} steps for a character, at most ${maxProgramSize} are allowed: repeat less`,
      offset: 0,
    })
  } catch (error) {
    return Either.left(problemOf(error, pattern))
  }
}

const problemOf = (error: unknown, pattern: string): PatternProblem => {
  const description = error instanceof RE2JSException ? error.message.replace(/^error parsing regexp: /, "") : "unknown"
  const culprit = error instanceof RE2JSSyntaxException ? (error.getPattern() ?? "") : ""
  const offset = pattern.endsWith(culprit) ? pattern.length - culprit.length : Math.max(0, pattern.indexOf(culprit))
  return { message: `not a regular expression: ${description}`, offset: culprit === "" ? 0 : offset }
}

/** The engine's own form of the patterns that were used lately: they are compiled once, and bounded in number and memory. */
const compiled = new BoundedCache<RE2Set>(512)

/**
 * Whether a pattern is found somewhere in a text.
 *
 * @param pattern one that `programSize` accepted
 * @param size what it gave
 * @returns false as well when there is too little work left for it
 */
export const isFound = (pattern: string, size: number, text: string, work: Work): boolean => {
  if (!work.spend(compareCost + size * text.length)) return false
  let set = compiled.get(pattern)
  if (set === undefined) {
    set = new RE2Set(RE2Set.UNANCHORED, 0, maxStateBytes)
    set.add(pattern)
    compiled.set(pattern, set)
  }
  return set.match(text).length > 0
}

/**
 * An I-Regexp (RFC 9485) in RE2's syntax, by the mapping of its section 5.4: a dot is any character but a line break.
 *
 * @param isWhole whether it must match the whole text
 */
export const fromIRegexp = (pattern: string, isWhole: boolean): string => {
  let isEscaped = false
  let isInClass = false
  let mapped = ""
  for (const character of pattern) {
    mapped += character === "." && !isEscaped && !isInClass ? "[^\\n\\r]" : character
    if (!isEscaped && character === "[") isInClass = true
    if (!isEscaped && character === "]") isInClass = false
    isEscaped = !isEscaped && character === "\\"
  }
  return isWhole ? `\\A(?:${mapped})\\z` : mapped
}
