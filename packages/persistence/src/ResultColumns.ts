import type { NewResult } from "@uptime/domain/Result"
import { plainArray, textArray } from "./PgArray.ts"

/** Results as one parameter per column, each a PostgreSQL array in its text form, for `unnest`. */
export const columnsOf = (results: ReadonlyArray<NewResult>): ReadonlyArray<string> => [
  plainArray(results, (result) => result.monitorId),
  textArray(results, (result) => result.region),
  plainArray(results, (result) => result.slot),
  plainArray(results, (result) => result.checkedAt),
  textArray(results, (result) => result.outcome.status),
  plainArray(results, (result) => result.outcome.responseTimeMs),
  plainArray(results, (result) => result.outcome.phases.dns),
  plainArray(results, (result) => result.outcome.phases.connect),
  plainArray(results, (result) => result.outcome.phases.tls),
  plainArray(results, (result) => result.outcome.phases.firstByte),
  plainArray(results, (result) => result.outcome.phases.transfer),
  plainArray(results, (result) => result.outcome.httpStatus),
  textArray(results, (result) => result.outcome.errorKind),
  textArray(results, (result) => result.outcome.errorMessage),
  plainArray(results, (result) => result.outcome.certificateExpiresAt),
  plainArray(results, (result) => result.outcome.attempts),
  textArray(results, ({ outcome: { evidence } }) => (evidence === null ? null : JSON.stringify(evidence))),
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
    "smallint",
    "jsonb",
  ]
  return `unnest(${types.map((type, i) => `$${first + i}::${type}[]`).join(", ")})`
}

/** How many columns there are: parameters that follow are numbered from the next one on. */
export const columnCount = 17

/** The names of the columns, in order. */
export const columnNames = `monitor_id, location, slot_ms, checked_ms, status, response_time_ms,
  dns_ms, connect_ms, tls_ms, first_byte_ms, transfer_ms, http_status, error_kind, error_message, certificate_ms,
  attempts, evidence`
