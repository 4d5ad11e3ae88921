import { bodyPath, strictPath } from "./jsonpath/JsonPathParser.ts"
import { type Placeholder, type PlaceholderName, phaseNames, placeholders } from "./Placeholder.ts"
import { isBlank, type Scanner } from "./Scanner.ts"

/** A word in brackets: what looks like this is a placeholder, or a mistake. */
const bracketedWord = /\[([A-Za-z_]+)\]/y

/** Whether what comes next looks like a placeholder. */
export const seesPlaceholder = (scanner: Scanner): boolean => {
  bracketedWord.lastIndex = scanner.position
  return bracketedWord.test(scanner.text)
}

/** Reads a placeholder in any case, with what follows it: a path, a header's name, a phase. */
export const scanPlaceholder = (scanner: Scanner): Placeholder | null => {
  const start = scanner.position
  bracketedWord.lastIndex = start
  const match = bracketedWord.exec(scanner.text)
  if (match === null) return scanner.expected("a placeholder such as [STATUS]")
  const written = (match[1] ?? "").toUpperCase()
  // Gatus' name for it.
  const name = written === "HEADER" ? "HEADERS" : written
  if (!isName(name)) {
    const known = Object.keys(placeholders).map((one) => `[${one}]`)
    return scanner.fail(`unknown placeholder ${match[0]}: use one of ${known.join(" ")}, or quotes for text`, start)
  }
  scanner.position += match[0].length
  if (name === "BODY") return bodyOf(scanner)
  if (name === "HEADERS") return headerOf(scanner)
  if (name === "PHASES") return phaseOf(scanner)
  if (scanner.next === "." || scanner.next === "[") return scanner.fail(`nothing can follow [${name}]`)
  return { _tag: "Plain", name }
}

const isName = (name: string): name is PlaceholderName => Object.hasOwn(placeholders, name)

const bodyOf = (scanner: Scanner): Placeholder | null => {
  if (scanner.next !== "." && scanner.next !== "[") return { _tag: "Body", path: null }
  const path = takeRoot(scanner) ? strictPath(scanner) : bodyPath(scanner)
  return path === null ? null : { _tag: "Body", path }
}

/** Passes over `.$` where it is the root of a JSONPath query, and not the beginning of a name such as `$ref`. */
const takeRoot = (scanner: Scanner): boolean => {
  if (!scanner.sees(".$")) return false
  const after = scanner.text.charAt(scanner.position + 2)
  return (after === "" || isBlank(after) || /[.[)]/.test(after)) && scanner.take(".$")
}

const headerOf = (scanner: Scanner): Placeholder | null => {
  if (!scanner.take(".")) return scanner.expected("a header's name, as in [HEADERS].content-type")
  // The characters of a field name (RFC 9110, section 5.6.2).
  const name = scanner.takeWhile((unit) => /[!#$%&'*+\-.^_`|~\dA-Za-z]/.test(unit))
  return name === "" ? scanner.expected("a header's name") : { _tag: "Header", name: name.toLowerCase() }
}

const phaseOf = (scanner: Scanner): Placeholder | null => {
  const names = [...phaseNames.values()].join(", ")
  if (!scanner.take(".")) return scanner.expected(`a phase, as in [PHASES].connect: one of ${names}`)
  const start = scanner.position
  const phase = phaseNames.get(scanner.takeWhile((unit) => /[A-Za-z]/.test(unit)).toLowerCase())
  return phase === undefined ? scanner.expected(`one of ${names}`, start) : { _tag: "Phase", phase }
}
