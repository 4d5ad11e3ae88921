import { printPath } from "./jsonpath/JsonPathPrinter.ts"
import { literalOf } from "./Literal.ts"
import type { Literal, Target } from "./ParsedCondition.ts"
import { printQuoted } from "./QuotedText.ts"

/**
 * The canonical text of one side of a condition: placeholders in capitals, quotes only where they are needed. `parse` reads it
 * as the same side.
 */
export const printSide = (side: Target): string => {
  switch (side._tag) {
    case "Plain":
      return `[${side.name}]`
    case "Body":
      return side.path === null ? "[BODY]" : `[BODY]${printPath(side.path) || ".$"}`
    case "Header":
      return `[HEADERS].${side.name}`
    case "Phase":
      return `[PHASES].${side.phase}`
    case "Length":
      return `len(${printSide(side.of)})`
    case "Has":
      return `has(${printSide(side.of)})`
    case "Any":
      return `any(${side.options.map(printLiteral).join(", ")})`
    case "Glob":
      return /^[^\s\p{Cc}")][^\p{Cc})]*$/u.test(side.pattern) && !/\s$/.test(side.pattern)
        ? `pat(${side.pattern})`
        : `pat(${printQuoted(side.pattern)})`
    case "Regex":
      return `"${side.pattern.replaceAll('"', '\\"')}"`
    case "Number":
    case "Duration":
    case "Text":
      return printLiteral(side)
  }
}

/** Words of letters, digits and the usual marks, which mean themselves wherever they stand. */
const plainWords = /^[\p{L}\p{N}_][\p{L}\p{N}_.:/@%+-]*(?: [\p{L}\p{N}_][\p{L}\p{N}_.:/@%+-]*)*$/u
const operatorWord = /(?:^| )(?:contains|matches)(?: |$)/

const printLiteral = (literal: Literal): string => {
  if (literal._tag !== "Text") return literal.text
  const { text } = literal
  return plainWords.test(text) && !operatorWord.test(text) && literalOf(text)._tag === "Text" ? text : printQuoted(text)
}
