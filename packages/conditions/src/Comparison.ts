import { durationIn, numberIn } from "./Literal.ts"
import type { Literal } from "./ParsedCondition.ts"
import { compareCost, type Work } from "./Work.ts"

/** One value that is compared: a literal, or something seen that is neither array nor object. */
export type Scalar = Literal | string | number | boolean | null

/**
 * What a value is as a number, or null: a number that was seen, a number or a duration (in milliseconds) that was written
 * bare, and text that was seen and says either. Quoted text and words are none.
 */
const asNumber = (value: Scalar): number | null => {
  if (typeof value === "number") return Number.isFinite(value) ? value : null
  if (typeof value === "string") return numberIn(value) ?? durationIn(value)
  if (value === null || typeof value === "boolean") return null
  return value._tag === "Text" ? null : value.value
}

/** What a value is as text: a literal as it was written, JSON as it would be. */
export const asText = (value: Scalar): string => {
  if (typeof value === "string") return value
  return typeof value === "object" && value !== null ? value.text : String(value)
}

/**
 * Whether two values are equal: as numbers where both are numbers, else as text. Digits too long for a number to hold are
 * compared as text, unless one side is a number in JSON, which has lost them already. Undetermined once the work is used up.
 */
export const isEqual = (left: Scalar, right: Scalar, work: Work): boolean => {
  if (!work.spend(compareCost)) return false
  const a = asNumber(left)
  const b = a === null ? null : asNumber(right)
  if (a === null || b === null) return isSameText(asText(left), asText(right), work)
  const isExact = Math.abs(a) <= Number.MAX_SAFE_INTEGER && Math.abs(b) <= Number.MAX_SAFE_INTEGER
  return isExact || typeof left === "number" || typeof right === "number"
    ? a === b
    : isSameText(asText(left), asText(right), work)
}

const isSameText = (left: string, right: string, work: Work): boolean =>
  left.length === right.length && work.spendOnText(left) && left === right

/**
 * Below, at or above 0 as the left value comes before, with or after the right one: as numbers where both are numbers, as
 * text, by UTF-16 code units, where neither is. Null where only one is a number: they have no order; and once the work is
 * used up.
 */
export const order = (left: Scalar, right: Scalar, work: Work): number | null => {
  if (!work.spend(compareCost)) return null
  const a = asNumber(left)
  const b = asNumber(right)
  if (a !== null && b !== null) return a - b
  if (a !== null || b !== null) return null
  const x = asText(left)
  const y = asText(right)
  if (!work.spendOnText(x.length < y.length ? x : y)) return null
  if (x === y) return 0
  return x < y ? -1 : 1
}
