import { countCharacters, isObject, type Json } from "../Json.ts"
import { isFound } from "../RegularExpression.ts"
import { lookCost, memberCost, visitCost, type Work } from "../Work.ts"
import type { Comparable, ComparisonOperator, FilterQuery, Test } from "./JsonPath.ts"

/** Gives what a query inside a filter leads to; handed in, because filters and queries contain each other. */
type SelectQuery = (query: FilterQuery, current: Json, root: Json, work: Work) => ReadonlyArray<Json>

/** What a filter is asked about. */
interface Asked {
  readonly current: Json
  readonly root: Json
  readonly work: Work
  readonly selectQuery: SelectQuery
}

/** Whether a filter keeps a child (RFC 9535, section 2.3.5.2); undetermined once the work is used up. */
export const holdsForChild = (test: Test, current: Json, root: Json, work: Work, selectQuery: SelectQuery): boolean =>
  holds(test, { current, root, work, selectQuery })

const holds = (test: Test, asked: Asked): boolean => {
  if (!asked.work.spend(lookCost)) return false
  switch (test._tag) {
    case "Or":
      return test.tests.some((one) => holds(one, asked))
    case "And":
      return test.tests.every((one) => holds(one, asked))
    case "Not":
      return !holds(test.test, asked)
    case "Exists":
      return valuesOf(test.query, asked).length > 0
    case "Compare":
      return compare(sideValue(test.left, asked), test.operator, sideValue(test.right, asked), asked.work)
    case "Match": {
      const text = sideValue(test.of, asked)
      return typeof text === "string" && isFound(test.mapped, test.size, text, asked.work)
    }
  }
}

const valuesOf = (query: FilterQuery, { current, root, work, selectQuery }: Asked): ReadonlyArray<Json> =>
  selectQuery(query, current, root, work)

/** The value of one side of a comparison; undefined is RFC 9535's `Nothing`. */
const sideValue = (side: Comparable, asked: Asked): Json | undefined => {
  switch (side._tag) {
    case "Value":
      return side.value
    case "Query":
      return valuesOf(side.query, asked)[0]
    case "LengthOf":
      return lengthOf(sideValue(side.of, asked), asked.work)
    case "CountOf":
      return valuesOf(side.query, asked).length
    case "ValueOf": {
      const values = valuesOf(side.query, asked)
      return values.length === 1 ? values[0] : undefined
    }
  }
}

/** RFC 9535, section 2.4.4. */
const lengthOf = (value: Json | undefined, work: Work): number | undefined => {
  if (typeof value === "string") return work.spendOnText(value) ? countCharacters(value) : undefined
  if (Array.isArray(value)) return value.length
  if (value === undefined || !isObject(value) || !work.mayBegin()) return undefined
  const { length } = Object.keys(value)
  return work.spend(length * memberCost) ? length : undefined
}

/** RFC 9535, section 2.3.5.2.2. */
const compare = (
  left: Json | undefined,
  operator: ComparisonOperator,
  right: Json | undefined,
  work: Work,
): boolean => {
  switch (operator) {
    case "==":
      return isEqual(left, right, work)
    case "!=":
      return !isEqual(left, right, work)
    case "<":
      return isLess(left, right, work)
    case ">":
      return isLess(right, left, work)
    case "<=":
      return isLess(left, right, work) || isEqual(left, right, work)
    case ">=":
      return isLess(right, left, work) || isEqual(left, right, work)
  }
}

const isLess = (left: Json | undefined, right: Json | undefined, work: Work): boolean => {
  if (typeof left === "number" && typeof right === "number") return left < right
  if (typeof left !== "string" || typeof right !== "string") return false
  return work.spendOnText(left.length < right.length ? left : right) && isTextLess(left, right)
}

/** By Unicode code points; UTF-16 puts what lies beyond U+FFFF before U+E000. */
const isTextLess = (left: string, right: string): boolean => {
  const shorter = Math.min(left.length, right.length)
  let i = 0
  while (i < shorter && left.charCodeAt(i) === right.charCodeAt(i)) i++
  if (i === shorter) return left.length < right.length
  return scalarRank(left.charCodeAt(i)) < scalarRank(right.charCodeAt(i))
}

const scalarRank = (unit: number): number => ((unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit)

/** Whether two values are the same; recursion ends, because what `readJson` reads is not deep. */
const isEqual = (left: Json | undefined, right: Json | undefined, work: Work): boolean => {
  if (!work.spend(lookCost)) return false
  if (typeof left === "string") {
    return typeof right === "string" && left.length === right.length && work.spendOnText(left) && left === right
  }
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return left === right
  if (!work.spend(visitCost)) return false
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((element, i) => isEqual(element, right[i], work))
  }
  if (!isObject(left) || !isObject(right) || !work.mayBegin()) return false
  const names = Object.keys(left)
  const others = Object.keys(right)
  if (!work.spend((names.length + others.length) * memberCost) || names.length !== others.length) return false
  return names.every((name) => Object.hasOwn(right, name) && isEqual(left[name], right[name], work))
}
