/** The most rows that are kept, and the most characters of their JSON. */
export const maxRows = 100
const maxLength = 65_536

/** A value as JSON has it. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | ReadonlyArray<JsonValue>
  | { readonly [key: string]: JsonValue }

/** The first rows of a query's result, as the JSON that conditions see: whole rows only, so that it always parses. */
export class QueryRows {
  private readonly rows: Array<string> = []
  private length = 2
  /** Whether no further row is kept. */
  isFull = false

  /** Adds a row by the names and values of its columns. */
  add(columns: ReadonlyArray<readonly [name: string, value: JsonValue]>): void {
    if (this.isFull) return
    const json = JSON.stringify(Object.fromEntries(columns))
    if (this.length + json.length + 1 > maxLength) {
      this.isFull = true
      return
    }
    this.length += json.length + 1
    this.rows.push(json)
    this.isFull = this.rows.length === maxRows
  }

  /** Whether there is a row, but none short enough to be kept. */
  get isTooLong(): boolean {
    return this.isFull && this.rows.length === 0
  }

  /** The rows as a JSON array of objects. */
  toJson(): string {
    return `[${this.rows.join(",")}]`
  }
}

/** A number as a database writes it; it stays text where JSON's numbers would lose digits of it, and where it is none. */
export const numberOf = (text: string): JsonValue => {
  const match = /^[+-]?(\d+)(?:\.(\d+))?(?:[eE][+-]?\d+)?$/.exec(text)
  if (match === null) return text
  const [, whole = "", fraction = ""] = match
  const number = Number(text)
  const isExact = whole.length + fraction.length <= 15 || (fraction === "" && Number.isSafeInteger(number))
  return isExact && Number.isFinite(number) ? number : text
}

/** A JSON document as a database writes it; it stays text where it is none, or nested too deeply to be written again. */
export const documentOf = (text: string): JsonValue => {
  try {
    const document: JsonValue = JSON.parse(text)
    JSON.stringify(document)
    return document
  } catch {
    return text
  }
}
