import { Cause, Predicate } from "effect"
import { withoutCredentials } from "./LogLine.ts"

/**
 * A failure in one line: the message of the error and of what caused it, outermost first, at most 500 characters. Without
 * a stack and without credentials: for faults that are expected, such as a database that is away.
 */
export const failureText = (error: unknown): string => {
  const messages: Array<string> = []
  let current: unknown = error
  for (let depth = 0; depth < 5 && current !== undefined && current !== null; depth++) {
    const text = messageOf(current).replaceAll(/\s+/g, " ").trim()
    if (text !== "" && !messages.some((message) => message.includes(text))) messages.push(text)
    current = Predicate.hasProperty(current, "cause") ? current.cause : undefined
  }
  return withoutCredentials(messages.join(": ")).slice(0, 500)
}

/** The same for a cause: its failures, then its defects. */
export const causeText = (cause: Cause.Cause<unknown>): string => {
  const errors = [...Cause.failures(cause), ...Cause.defects(cause)]
  return errors.length === 0 ? "interrupted" : [...new Set(errors.map(failureText))].join("; ").slice(0, 1000)
}

const messageOf = (error: unknown): string => {
  if (typeof error === "string") return error
  if (!Predicate.hasProperty(error, "message") || typeof error.message !== "string") return ""
  // Several addresses tried, all in vain: node's AggregateError has no message, its code says what it is.
  if (error.message === "" && Predicate.hasProperty(error, "code")) return String(error.code)
  return error.message
}
