import { maxConditionLength } from "@uptime/domain/Condition"
import { Either } from "effect"
import { ConditionSyntaxError } from "./ConditionSyntaxError.ts"
import { checkTypes } from "./ConditionTypes.ts"
import { isSeveral, isSource, type Operator, operators, type ParsedCondition, type Target } from "./ParsedCondition.ts"
import { Scanner } from "./Scanner.ts"
import { scanPattern, scanSide } from "./SideParser.ts"

/**
 * Reads a condition: `<value> <operator> <value>`, with a space on both sides of the operator. Total, and linear in the
 * text: a text that is no condition gives the place and the reason.
 */
export const parse = (text: string): Either.Either<ParsedCondition, ConditionSyntaxError> => {
  const scanner = new Scanner(text)
  const condition = isWritable(scanner) ? conditionOf(scanner) : null
  if (condition !== null && scanner.error === null) return Either.right(condition)
  return Either.left(scanner.error ?? new ConditionSyntaxError({ message: "not a condition", position: 0 }))
}

/** Whether the text is one line that can be stored. */
const isWritable = (scanner: Scanner): boolean => {
  const { text } = scanner
  if (text.length > maxConditionLength) {
    scanner.fail(`a condition is at most ${maxConditionLength} characters long`, maxConditionLength)
    return false
  }
  const control = text.search(/[^\P{Cc}\t]/u)
  if (control !== -1)
    scanner.fail("a condition holds no control characters: in quotes they are written \\n or \\u0000", control)
  const half = text.search(/\p{Cs}/u)
  if (half !== -1) scanner.fail("a condition is well-formed Unicode", half)
  return scanner.error === null
}

const conditionOf = (scanner: Scanner): ParsedCondition | null => {
  scanner.skipBlanks()
  const leftStart = scanner.position
  const left = scanSide(scanner, "left")
  if (left === null) return null
  const operator = scanOperator(scanner)
  if (operator === null) return null
  const rightStart = scanner.position
  const isPattern = operator === "matches" || operator === "not matches"
  const right = isPattern ? scanPattern(scanner) : scanSide(scanner, "right")
  if (right === null) return null
  scanner.skipBlanks()
  if (!scanner.isAtEnd) return scanner.expected("the end")
  return arranged(scanner, { side: left, start: leftStart }, operator, { side: right, start: rightStart })
}

/** Reads the operator, with the blanks around it. */
const scanOperator = (scanner: Scanner): Operator | null => {
  const isApart = scanner.skipBlanks()
  const start = scanner.position
  const operator = operatorAt(scanner)
  if (operator === null) {
    return scanner.expected("one of == != < <= > >= contains matches, or not before one of the last two", start)
  }
  if (!isApart) return scanner.fail(`expected a space before ${operator}`, start)
  if (scanner.isAtEnd) return scanner.expected(`a value after ${operator}`)
  if (!scanner.skipBlanks()) return scanner.fail(`expected a space after ${operator}`)
  return scanner.isAtEnd ? scanner.expected(`a value after ${operator}`) : operator
}

/** Reads an operator that comes next, if one does. */
const operatorAt = (scanner: Scanner): Operator | null => {
  const start = scanner.position
  const isNegated = scanner.take("not") && scanner.skipBlanks()
  const operator = operators.find((one) => scanner.take(one))
  if (operator !== undefined && !isNegated) return operator
  if (isNegated && operator === "contains") return "not contains"
  if (isNegated && operator === "matches") return "not matches"
  scanner.position = start
  return null
}

const mirrored: Readonly<Partial<Record<Operator, Operator>>> = {
  "==": "==",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
}

interface Placed {
  readonly side: Target
  readonly start: number
}

/** A condition whose left side looks at the observation, and is the one that gives several values if one does. */
const arranged = (scanner: Scanner, left: Placed, operator: Operator, right: Placed): ParsedCondition | null => {
  if (!isSource(left.side) && !isSource(right.side)) {
    return scanner.fail("nothing is looked at: name a placeholder such as [STATUS] on one side", left.start)
  }
  if (isSeveral(left.side) && isSeveral(right.side)) {
    return scanner.fail("only one side may give several values", right.start)
  }
  const isInOrder = isSource(left.side) && !isSeveral(right.side)
  const turned = isInOrder ? operator : mirrored[operator]
  if (turned === undefined) {
    return isSeveral(right.side)
      ? scanner.fail(`the right side of ${operator} gives one value`, right.start)
      : scanner.fail(`the left side of ${operator} is a placeholder`, left.start)
  }
  const [source, target] = isInOrder ? [left, right] : [right, left]
  if (!isSource(source.side) || !checkTypes(scanner, source.side, turned, target.side, target.start)) return null
  return { left: source.side, operator: turned, right: target.side }
}
