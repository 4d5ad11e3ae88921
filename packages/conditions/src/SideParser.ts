import { Either } from "effect"
import { literalOf } from "./Literal.ts"
import { type Literal, operators, type Source, type Target } from "./ParsedCondition.ts"
import { scanPlaceholder, seesPlaceholder } from "./PlaceholderParser.ts"
import { scanQuoted } from "./QuotedText.ts"
import { programSize } from "./RegularExpression.ts"
import { isBlank, type Scanner } from "./Scanner.ts"

/** Which side of the operator is read: bare words on the left end at the operator, on the right at the end. */
export type Which = "left" | "right"

/** A call of a function that there is not, with a placeholder in it. */
const unknownCall = /([A-Za-z_]\w*)\(\s*\[[A-Za-z_]+\]/y

/** Reads one side of a condition. */
export const scanSide = (scanner: Scanner, which: Which): Target | null => {
  if (scanner.next === '"') return textOf(scanQuoted(scanner))
  if (scanner.take("len(")) return wrapped(scanner, "Length")
  if (scanner.take("has(")) return wrapped(scanner, "Has")
  if (scanner.take("any(")) return anyOf(scanner, which)
  if (scanner.take("pat(")) return globOf(scanner, which)
  if (seesPlaceholder(scanner)) return scanPlaceholder(scanner)
  unknownCall.lastIndex = scanner.position
  const call = unknownCall.exec(scanner.text)
  if (call !== null) return scanner.fail(`unknown function ${call[1]}: use one of len has any pat, or quotes for text`)
  return bareWords(scanner, which)
}

const textOf = (text: string | null): Literal | null => (text === null ? null : { _tag: "Text", text })

const wrapped = (scanner: Scanner, _tag: "Length" | "Has"): Source | null => {
  scanner.skipBlanks()
  const of = scanPlaceholder(scanner)
  if (of === null) return null
  scanner.skipBlanks()
  return scanner.take(")") ? { _tag, of } : scanner.expected(")")
}

/** Reads `a, b)`, where each is bare words or quoted. */
const anyOf = (scanner: Scanner, which: Which): Target | null => {
  const options: Array<Literal> = []
  while (true) {
    scanner.skipBlanks()
    if (scanner.sees("pat(")) return scanner.fail("pat() has no place in any()")
    const option = scanner.next === '"' ? textOf(scanQuoted(scanner)) : bareArgument(scanner, which, ",")
    if (option === null) return null
    options.push(option)
    scanner.skipBlanks()
    if (scanner.take(")")) return { _tag: "Any", options }
    if (!scanner.take(",")) return scanner.expected(", or )")
  }
}

const globOf = (scanner: Scanner, which: Which): Target | null => {
  scanner.skipBlanks()
  const argument = scanner.next === '"' ? textOf(scanQuoted(scanner)) : bareArgument(scanner, which, null)
  if (argument === null) return null
  scanner.skipBlanks()
  return scanner.take(")") ? { _tag: "Glob", pattern: argument.text } : scanner.expected(")")
}

/** Reads what stands bare between the parentheses of a function: to `separator` if there is one, or to the parenthesis that closes it. */
const bareArgument = (scanner: Scanner, which: Which, separator: string | null): Literal | null => {
  const start = scanner.position
  while (!scanner.isAtEnd && scanner.next !== separator && !closesHere(scanner, which)) {
    scanner.position++
  }
  const text = scanner.text.slice(start, scanner.position).replace(/[ \t]+$/, "")
  return text === "" ? scanner.expected("a value", start) : literalOf(text)
}

/**
 * Whether the parenthesis that comes next is the one that closes a function: the side ends behind it. Any other one is part
 * of the text, as Gatus has it.
 */
const closesHere = (scanner: Scanner, which: Which): boolean => {
  if (scanner.next !== ")") return false
  const end = afterBlanks(scanner.text, scanner.position + 1)
  if (end === scanner.text.length) return true
  return which === "left" && end > scanner.position + 1 && isOperatorAt(scanner, end)
}

const afterBlanks = (text: string, position: number): number => {
  let end = position
  while (isBlank(text.charAt(end))) end++
  return end
}

const symbols: ReadonlySet<string> = new Set(operators.filter((operator) => /^[=!<>]+$/.test(operator)))

/** Whether the word at a place is an operator, or looks as if it was meant for one. */
const isOperatorAt = (scanner: Scanner, position: number): boolean => {
  const word = scanner.wordAt(position)
  if (/^[=!<>~]+$/.test(word) || word === "contains" || word === "matches") return true
  return word === "not" && /^(?:contains|matches)$/.test(scanner.wordAt(afterBlanks(scanner.text, position + 3)))
}

/** Reads words that stand for themselves, with the blanks between them. */
const bareWords = (scanner: Scanner, which: Which): Literal | null => {
  const start = scanner.position
  let end = start
  let position = start
  while (position < scanner.text.length) {
    if (which === "left" && isOperatorAt(scanner, position)) break
    const word = scanner.wordAt(position)
    if (which === "right" && symbols.has(word)) {
      return scanner.fail(`a second operator: put text that holds ${word} in quotes`, position)
    }
    end = position + word.length
    position = afterBlanks(scanner.text, end)
  }
  scanner.position = end
  return end === start ? scanner.expected("a value", start) : literalOf(scanner.text.slice(start, end))
}

/**
 * Reads a regular expression: bare to the end of the text, or in double quotes. Backslashes mean what they mean to the
 * expression, in quotes too; only a quote is written `\"` there.
 */
export const scanPattern = (scanner: Scanner): Target | null => {
  const isQuoted = scanner.take('"')
  const start = scanner.position
  const { text } = scanner
  const units: Array<string> = []
  const places: Array<number> = []
  while (!scanner.isAtEnd && !(isQuoted && scanner.next === '"')) {
    const isEscape = scanner.next === "\\"
    const unit = isEscape ? text.slice(scanner.position, scanner.position + 2) : scanner.next
    for (const part of unit === '\\"' ? '"' : unit.split("")) {
      units.push(part)
      places.push(scanner.position)
    }
    scanner.position += unit.length
  }
  if (isQuoted && !scanner.take('"')) return scanner.fail('the quote " is not closed', start - 1)
  const pattern = isQuoted ? units.join("") : units.join("").replace(/[ \t]+$/, "")
  const size = programSize(pattern)
  if (Either.isRight(size)) return { _tag: "Regex", pattern, size: size.right }
  return scanner.fail(size.left.message, places[size.left.offset] ?? start)
}
