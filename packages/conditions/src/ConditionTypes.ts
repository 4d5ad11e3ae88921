import { literalOf } from "./Literal.ts"
import type { Literal, Operator, Source, Target } from "./ParsedCondition.ts"
import { isSource } from "./ParsedCondition.ts"
import { nameOf, placeholders, type ValueType } from "./Placeholder.ts"
import type { Scanner } from "./Scanner.ts"

/**
 * Says no to what can never hold, so that a slip of the pen is seen when it is written and not as downtime: words held
 * against a number, a duration against what is no time, an order of what has none.
 *
 * @param start where the target was written
 */
export const checkTypes = (
  scanner: Scanner,
  source: Source,
  operator: Operator,
  target: Target,
  start: number,
): boolean => {
  const problem = problemOf(source, operator, target)
  if (problem !== null) scanner.fail(problem, start)
  return problem === null
}

const problemOf = (source: Source, operator: Operator, target: Target): string | null => {
  const isOrder = operator.startsWith("<") || operator.startsWith(">")
  if (isOrder && (target._tag === "Any" || target._tag === "Glob")) return `${operator} knows neither any() nor pat()`
  const isComparison = isOrder || operator === "==" || operator === "!="
  if (!isComparison || isSource(target)) return null
  const type = typeOf(source)
  if (isOrder && type === "boolean") return `true and false have no order: use == or !=`
  if (target._tag === "Any") return firstProblem(type, target.options, isOrder)
  return target._tag === "Glob" || target._tag === "Regex" ? null : literalProblem(type, target, isOrder)
}

const typeOf = (source: Source): ValueType => {
  if (source._tag === "Length") return "number"
  return source._tag === "Has" ? "boolean" : placeholders[nameOf(source)]
}

const firstProblem = (type: ValueType, options: ReadonlyArray<Literal>, isOrder: boolean): string | null => {
  for (const option of options) {
    const problem = literalProblem(type, option, isOrder)
    if (problem !== null) return problem
  }
  return null
}

const literalProblem = (type: ValueType, literal: Literal, isOrder: boolean): string | null => {
  if (type === "boolean") return literal.text === "true" || literal.text === "false" ? null : "expected true or false"
  if (type !== "number" && type !== "time") return null
  if (literal._tag === "Duration" && type === "number") return "expected a number without a unit"
  // A number in quotes can be told from others, though not put in an order.
  const isText = literal._tag === "Text" && (isOrder || literalOf(literal.text)._tag !== "Number")
  if (!isText) return null
  return type === "time" ? "expected a number of milliseconds, or a duration such as 300ms" : "expected a number"
}
