import { asText, isEqual, order, type Scalar } from "./Comparison.ts"
import { matchesGlob } from "./Glob.ts"
import type { Json } from "./Json.ts"
import { jsonText } from "./JsonText.ts"
import type { Operator, Source, Target } from "./ParsedCondition.ts"
import { isFound } from "./RegularExpression.ts"
import { indexIn, searchCost } from "./TextSearch.ts"
import { compareCost, type Work } from "./Work.ts"

/** What a value is held against, once all that is looked at is known. */
export type Wanted = Exclude<Target, Source> | Scalar

/**
 * Whether an operator holds between one value and what is wanted of it. Undetermined once the work is used up.
 *
 * `==` and `matches` ask whether the value is what is wanted; the orders compare as `order` does, and do not hold where
 * there is none; `contains` looks for an element of an array, or for a piece of text.
 */
export const holdsFor = (value: Json, operator: Operator, wanted: Wanted, work: Work): boolean => {
  switch (operator) {
    case "==":
    case "matches":
      return isWanted(asScalar(value, work), wanted, work)
    case "!=":
    case "not matches":
      return !isWanted(asScalar(value, work), wanted, work)
    case "contains":
      return contains(value, wanted, work)
    case "not contains":
      return !contains(value, wanted, work)
    default: {
      const sign = isScalar(wanted) ? order(asScalar(value, work), wanted, work) : null
      return sign !== null && isInOrder(operator, sign)
    }
  }
}

/** Whether one of several values is what is wanted. */
export const includes = (values: ReadonlyArray<Json>, wanted: Wanted, work: Work): boolean =>
  values.some((value) => isWanted(asScalar(value, work), wanted, work))

/** An array or an object as its JSON without blanks, and any other value as it is. Undetermined once the work is used up. */
export const asScalar = (value: Json, work: Work): Scalar =>
  typeof value === "object" && value !== null ? jsonText(value, work) : value

const isInOrder = (operator: "<" | "<=" | ">" | ">=", sign: number): boolean => {
  switch (operator) {
    case "<":
      return sign < 0
    case "<=":
      return sign <= 0
    case ">":
      return sign > 0
    case ">=":
      return sign >= 0
  }
}

const isScalar = (wanted: Wanted): wanted is Scalar =>
  typeof wanted !== "object" ||
  wanted === null ||
  (wanted._tag !== "Any" && wanted._tag !== "Glob" && wanted._tag !== "Regex")

const isWanted = (value: Scalar, wanted: Wanted, work: Work): boolean => {
  if (isScalar(wanted)) return isEqual(value, wanted, work)
  if (wanted._tag === "Any") return wanted.options.some((option) => isEqual(value, option, work))
  const text = asText(value)
  if (wanted._tag === "Regex") return isFound(wanted.pattern, wanted.size, text, work)
  return matchesGlob(wanted.pattern, text, work)
}

const contains = (value: Json, wanted: Wanted, work: Work): boolean => {
  if (Array.isArray(value)) return includes(value, wanted, work)
  const text = asText(asScalar(value, work))
  const has = (piece: string) => work.spend(compareCost + searchCost(text, piece)) && indexIn(text, piece) !== -1
  if (isScalar(wanted)) return has(asText(wanted))
  if (wanted._tag === "Any") return wanted.options.some((option) => has(option.text))
  return wanted._tag === "Glob" && matchesGlob(`*${wanted.pattern}*`, text, work)
}
