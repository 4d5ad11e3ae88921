import { SqlError } from "@effect/sql/SqlError"
import { Predicate } from "effect"
import type { StoreError } from "./StoreError.ts"

/**
 * The reason for a failure of the database, from what the driver threw: by SQLSTATE (PostgreSQL documentation, appendix A)
 * when the server answered, else by the code or text of the socket error. The error may be wrapped (`SqlError`, `cause`).
 *
 * @param cause whatever a query failed or died with
 */
export const reasonOf = (cause: unknown): StoreError["reason"] => {
  for (const error of chain(cause)) {
    const state = sqlStateOf(error)
    if (state !== null) return ofSqlState(state)
    if (isSocketError(error)) return "unavailable"
  }
  return "bug"
}

/** The SQLSTATE of a failure, or of what caused it; null when the server did not answer. */
export const sqlStateOf = (cause: unknown): string | null => {
  for (const error of chain(cause)) {
    // The driver's own errors have codes too (`ECONNRESET`); a SQLSTATE is five characters, and the server adds a severity.
    if (
      Predicate.hasProperty(error, "code") &&
      typeof error.code === "string" &&
      /^[0-9A-Z]{5}$/.test(error.code) &&
      Predicate.hasProperty(error, "severity")
    ) {
      return error.code
    }
  }
  return null
}

/** The constraint that a statement would have broken; null where it failed for another reason. */
export const constraintOf = ({ cause }: SqlError): string | null =>
  Predicate.hasProperty(cause, "constraint") && typeof cause.constraint === "string" ? cause.constraint : null

/** What the server, or else the driver, said: without the wrapping that only says that a statement failed. */
export const serverText = (cause: unknown): string => {
  for (const error of chain(cause)) {
    if (error instanceof Error && !(error instanceof SqlError) && error.message !== "") return error.message
  }
  return String(cause)
}

const ofSqlState = (state: string): StoreError["reason"] => {
  if (conflicts.has(state)) return "conflict"
  if (unavailable.has(state)) return "unavailable"
  const sqlClass = state.slice(0, 2)
  if (sqlClass === "22" || sqlClass === "23") return "data"
  return unavailableClasses.has(sqlClass) ? "unavailable" : "bug"
}

/** A prepared statement that is not there, or is there already: of a pooler in between that knows nothing of them. */
export const lostStatements: ReadonlySet<string> = new Set(["26000", "42P05"])

/** Serialization failure, deadlock, lock time-out; and what goes well as soon as it is sent as text. */
const conflicts: ReadonlySet<string> = new Set(["40001", "40P01", "55P03", ...lostStatements])

/**
 * 08 connection, 53 resources (disk, memory, connections), 57 operator (shutdown, crash, statement time-out), 58 the
 * system under it (input and output), 28 a log-in refused, as while a password is changed.
 */
const unavailableClasses: ReadonlySet<string> = new Set(["08", "53", "57", "58", "28"])

/**
 * A database that is not there (yet), or that is a standby for now (read only); a session that was ended for idling in a
 * transaction, or whose transaction ran too long.
 */
const unavailable: ReadonlySet<string> = new Set(["3D000", "25006", "25P03", "25P04"])

const socketCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENOENT",
  "EMFILE",
  "ENFILE",
  "ERR_SOCKET_CONNECTION_TIMEOUT",
])

/** What node-postgres and its pool throw without a code (pg 8: lib/client.js, lib/connection.js; pg-pool: index.js). */
const socketTexts: ReadonlyArray<string> = [
  "Connection terminated",
  "Client has encountered a connection error",
  "Query read timeout",
  "timeout exceeded when trying to connect",
  "timeout expired",
  "Cannot use a pool after calling end",
  "Client was closed and is not queryable",
  "The server does not support SSL connections",
]

const isSocketError = (error: unknown): boolean => {
  if (!(error instanceof Error) || error instanceof SqlError) return false
  if (Predicate.hasProperty(error, "code") && typeof error.code === "string" && socketCodes.has(error.code)) return true
  return socketTexts.some((text) => error.message.includes(text))
}

/** An error, what caused it, and so on; the members of an AggregateError count as its causes. */
function* chain(cause: unknown): Generator<unknown> {
  const seen = new Set<unknown>()
  const open = [cause]
  while (open.length > 0 && seen.size < 20) {
    const error = open.shift()
    if (error === undefined || error === null || seen.has(error)) continue
    seen.add(error)
    yield error
    if (error instanceof AggregateError) open.push(...error.errors)
    if (Predicate.hasProperty(error, "cause")) open.push(error.cause)
  }
}
