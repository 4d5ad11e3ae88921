import type { NewResult } from "@uptime/domain/Result"

/**
 * Results as one parameter per column, each a PostgreSQL array in its text form, for `unnest`. Made here and not by the
 * driver, whose own way, a recursion with a regular expression per element, costs several times as much.
 */
export const columnsOf = (results: ReadonlyArray<NewResult>): ReadonlyArray<string> => [
  arrayText(results, (result) => result.monitorId),
  textArray(results, (result) => result.region),
  arrayText(results, (result) => result.slot),
  arrayText(results, (result) => result.checkedAt),
  textArray(results, (result) => result.outcome.status),
  arrayText(results, (result) => result.outcome.responseTimeMs),
  arrayText(results, (result) => result.outcome.phases.dns),
  arrayText(results, (result) => result.outcome.phases.connect),
  arrayText(results, (result) => result.outcome.phases.tls),
  arrayText(results, (result) => result.outcome.phases.firstByte),
  arrayText(results, (result) => result.outcome.phases.transfer),
  arrayText(results, (result) => result.outcome.httpStatus),
  textArray(results, (result) => result.outcome.errorKind),
  textArray(results, (result) => result.outcome.errorMessage),
  arrayText(results, (result) => result.outcome.certificateExpiresAt),
]

/** `unnest` of those parameters, from the number `first` on, with the columns' names; instants are in milliseconds. */
export const unnestColumns = (first: number): string => {
  const types = [
    "uuid",
    "text",
    "float8",
    "float8",
    "text",
    ...Array<string>(6).fill("real"),
    "smallint",
    "text",
    "text",
    "float8",
  ]
  return `unnest(${types.map((type, i) => `$${first + i}::${type}[]`).join(", ")})`
}

/** The names of the columns, in order. */
export const columnNames = `monitor_id, location, slot_ms, checked_ms, status, response_time_ms,
  dns_ms, connect_ms, tls_ms, first_byte_ms, transfer_ms, http_status, error_kind, error_message, certificate_ms`

/** An array of values that need no quoting: numbers and ids. */
const arrayText = <A>(items: ReadonlyArray<A>, value: (item: A) => string | number | null): string => {
  let text = "{"
  for (let i = 0; i < items.length; i++) {
    const item = items[i]
    if (i > 0) text += ","
    text += item === undefined ? "NULL" : (value(item) ?? "NULL")
  }
  return `${text}}`
}

/** An array of texts, quoted (PostgreSQL documentation, 8.15.6 "Array Input and Output Syntax"). */
const textArray = <A>(items: ReadonlyArray<A>, value: (item: A) => string | null): string =>
  arrayText(items, (item) => {
    const text = value(item)
    return text === null ? null : quoted(text)
  })

const quoted = (text: string): string => (/["\\]/.test(text) ? `"${text.replaceAll(/["\\]/g, "\\$&")}"` : `"${text}"`)
