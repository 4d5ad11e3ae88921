/**
 * PostgreSQL arrays in their text form (documentation, 8.15.6 "Array Input and Output Syntax"), as parameters of `unnest`.
 * Made here and not by the driver, whose own way, a recursion with a regular expression per element, costs several times
 * as much.
 */

/** An array of values that need no quoting: numbers and ids. */
export const plainArray = <A>(items: ReadonlyArray<A>, value: (item: A) => string | number | null): string => {
  let text = "{"
  let separator = ""
  for (const item of items) {
    text += separator + (value(item) ?? "NULL")
    separator = ","
  }
  return `${text}}`
}

/** An array of texts. */
export const textArray = <A>(items: ReadonlyArray<A>, value: (item: A) => string | null): string =>
  plainArray(items, (item) => {
    const text = value(item)
    return text === null ? null : quoted(text)
  })

const quoted = (text: string): string => (/["\\]/.test(text) ? `"${text.replaceAll(/["\\]/g, "\\$&")}"` : `"${text}"`)
