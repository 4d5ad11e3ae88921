import { storableText } from "@uptime/domain/CheckError"
import { ConditionSyntaxError } from "./ConditionSyntaxError.ts"

/** The longest piece of the text that an error quotes, in UTF-16 code units. */
const maxFound = 20

/**
 * A text that is read from left to right, once. What cannot be read is told to `fail`, which keeps the first failure and
 * gives null: each function that reads with it gives what it read, or null once something failed.
 */
export class Scanner {
  readonly text: string
  /** The offset of the next code unit. */
  position = 0
  /** The first failure. */
  error: ConditionSyntaxError | null = null

  constructor(text: string) {
    this.text = text
  }

  /** Remembers what is wrong at `position`, which is where reading has come to unless said otherwise. */
  fail(problem: string, position = this.position): null {
    this.error ??= new ConditionSyntaxError({ message: `at character ${position + 1}: ${problem}`, position })
    return null
  }

  /** Remembers that something else was expected here. */
  expected(what: string, position = this.position): null {
    return this.fail(`expected ${what}, found ${this.found(position)}`, position)
  }

  get isAtEnd(): boolean {
    return this.position >= this.text.length
  }

  /** The next code unit; empty at the end. */
  get next(): string {
    return this.text.charAt(this.position)
  }

  /** Passes over spaces and tabs, and says whether there were any. */
  skipBlanks(): boolean {
    const start = this.position
    while (isBlank(this.next)) this.position++
    return this.position > start
  }

  /** Whether `token` comes next. */
  sees(token: string): boolean {
    return this.text.startsWith(token, this.position)
  }

  /** Passes over `token` where it comes next, and says whether it did. */
  take(token: string): boolean {
    if (!this.sees(token)) return false
    this.position += token.length
    return true
  }

  /** Passes over all code units that a set allows, and gives them. */
  takeWhile(isAllowed: (unit: string) => boolean): string {
    const start = this.position
    while (!this.isAtEnd && isAllowed(this.next)) this.position++
    return this.text.slice(start, this.position)
  }

  /** The word that ends at the next blank or at the end. */
  wordAt(position: number): string {
    let end = position
    while (end < this.text.length && !isBlank(this.text.charAt(end))) end++
    return this.text.slice(position, end)
  }

  private found(position: number): string {
    const word = this.wordAt(position)
    if (word === "") return position >= this.text.length ? "the end" : "a space"
    return `"${word.length > maxFound ? `${storableText(word, maxFound)}…` : word}"`
  }
}

/** Whether a code unit only keeps words apart. */
export const isBlank = (unit: string): boolean => unit === " " || unit === "\t"
