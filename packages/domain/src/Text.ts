import { Schema } from "effect"

/**
 * One line of text that PostgreSQL can store, kept as the person typed it.
 *
 * @param min least length in UTF-16 code units
 * @param max greatest length in UTF-16 code units
 */
export const lineOfText = (min: number, max: number) =>
  Schema.String.pipe(
    Schema.minLength(min),
    Schema.maxLength(max),
    // What the expression means to a reader of JSON Schema depends on the reader: it is left out there.
    Schema.pattern(/^\P{Cc}*$/u, {
      message: () => "text must not hold control characters",
      description: "text without control characters",
      jsonSchema: {},
    }),
    Schema.filter(isWellFormed),
  )

/**
 * Text of several lines that PostgreSQL can store: tabs and line breaks are its only control characters.
 *
 * @param min least length in UTF-16 code units
 * @param max greatest length in UTF-16 code units
 */
export const linesOfText = (min: number, max: number) =>
  Schema.String.pipe(
    Schema.minLength(min),
    Schema.maxLength(max),
    Schema.pattern(/^(?:\P{Cc}|[\t\n\r])*$/u, {
      message: () => "text must not hold control characters other than tabs and line breaks",
      description: "text without control characters other than tabs and line breaks",
      jsonSchema: {},
    }),
    Schema.filter(isWellFormed),
  )

/** What is wrong with text that no encoding can hold: a surrogate without its other half. */
const isWellFormed = (value: string): boolean | string => value.isWellFormed() || "text must be well-formed Unicode"
