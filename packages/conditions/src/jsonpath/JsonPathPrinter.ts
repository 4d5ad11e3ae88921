import { printQuoted } from "../QuotedText.ts"
import {
  type Comparable,
  type FilterQuery,
  type JsonPath,
  type Segment,
  type Selector,
  shorthandName,
  type Test,
} from "./JsonPath.ts"

/** The segments of a path in the form of RFC 9535, to be put behind a root: names behind a dot where they may be. */
export const printPath = (path: JsonPath): string => path.segments.map(printSegment).join("")

const printSegment = ({ isDescendant, selectors }: Segment): string => {
  const [first, ...others] = selectors
  if (others.length === 0 && first?._tag === "Wildcard") return isDescendant ? "..*" : "[*]"
  if (others.length === 0 && first?._tag === "Name" && isPlain(first.name)) {
    return `${isDescendant ? ".." : "."}${first.name}`
  }
  return `${isDescendant ? ".." : ""}[${selectors.map(printSelector).join(", ")}]`
}

/** Whether a name may follow a dot, and shows where it ends: Unicode knows blanks that RFC 9535 takes for letters. */
const isPlain = (name: string): boolean => shorthandName.test(name) && !/[\s\p{Cc}]/u.test(name)

const printSelector = (selector: Selector): string => {
  switch (selector._tag) {
    case "Name":
      return printQuoted(selector.name)
    case "Wildcard":
      return "*"
    case "Index":
      return String(selector.index)
    case "Slice": {
      const step = selector.step === null ? "" : `:${selector.step}`
      return `${selector.start ?? ""}:${selector.end ?? ""}${step}`
    }
    case "Filter":
      return `?${printTest(selector.test)}`
  }
}

const printTest = (test: Test): string => {
  switch (test._tag) {
    case "Or":
      return test.tests.map((one) => (one._tag === "Or" ? `(${printTest(one)})` : printTest(one))).join(" || ")
    case "And":
      return test.tests
        .map((one) => (one._tag === "Or" || one._tag === "And" ? `(${printTest(one)})` : printTest(one)))
        .join(" && ")
    case "Not":
      return test.test._tag === "Exists" || test.test._tag === "Match"
        ? `!${printTest(test.test)}`
        : `!(${printTest(test.test)})`
    case "Exists":
      return printQuery(test.query)
    case "Compare":
      return `${printComparable(test.left)} ${test.operator} ${printComparable(test.right)}`
    case "Match":
      return `${test.name}(${printComparable(test.of)}, ${printQuoted(test.pattern)})`
  }
}

const printQuery = ({ from, path }: FilterQuery): string => `${from}${printPath(path)}`

const printComparable = (side: Comparable): string => {
  switch (side._tag) {
    case "Value":
      return typeof side.value === "string" ? printQuoted(side.value) : printValue(side.value)
    case "Query":
      return printQuery(side.query)
    case "LengthOf":
      return `length(${printComparable(side.of)})`
    case "CountOf":
      return `count(${printQuery(side.query)})`
    case "ValueOf":
      return `value(${printQuery(side.query)})`
  }
}

/** Numbers beyond all others are written so that they stay so. */
const printValue = (value: number | boolean | null): string => {
  if (Object.is(value, -0)) return "-0"
  if (typeof value === "number" && !Number.isFinite(value)) return value > 0 ? "1e999" : "-1e999"
  return String(value)
}
