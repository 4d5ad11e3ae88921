import { Schema } from "effect"

/**
 * Why a check did not end `Up`. Most are the target's doing and mean `Down`; `condition` means what the severity of the
 * condition says; `blocked` (refused by the target guard) and `internal` (a fault of ours, or a check that never ran) mean
 * `Unknown`.
 *
 * - `dns`: the name has no address, or its name servers say so
 * - `connect`: refused, reset or unreachable before any answer
 * - `tls`: handshake or certificate
 * - `timeout`: the total deadline passed
 * - `status`: a final status outside 200–299
 * - `redirect`: too many, malformed, or to a protocol that is not followed
 * - `body`: an answer that breaks HTTP, ends early or exceeds the limits
 * - `protocol`: an answer of another protocol that is not what was asked for: a refusal, a failure, or nonsense
 * - `condition`: a condition of the monitor's own failed
 * - `heartbeat`: a heartbeat did not come in time, or reported a failure
 */
export const ErrorKind = Schema.Literal(
  "dns",
  "connect",
  "tls",
  "timeout",
  "status",
  "redirect",
  "body",
  "protocol",
  "condition",
  "heartbeat",
  "blocked",
  "internal",
)
export type ErrorKind = typeof ErrorKind.Type

/**
 * The reason shown with a result. `message` is at most 500 characters and never holds response content, but for what a
 * condition of the monitor's own looked at.
 */
export const CheckError = Schema.Struct({ kind: ErrorKind, message: Schema.String })
export type CheckError = typeof CheckError.Type

/** The longest error message that is stored, in UTF-16 code units. */
export const maxErrorMessageLength = 500

/**
 * Text as PostgreSQL accepts it: no NUL (SQLSTATE 22021), no lone surrogates (refused in jsonb, silently replaced
 * elsewhere), cut to a length. Everything that a target had a hand in passes through here before it is stored.
 *
 * @param text any string
 * @param maxLength the most UTF-16 code units to keep
 */
export const storableText = (text: string, maxLength = maxErrorMessageLength): string =>
  text.replaceAll("\u0000", "").slice(0, maxLength).toWellFormed()
