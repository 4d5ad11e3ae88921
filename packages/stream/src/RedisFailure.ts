import { StreamError } from "./CheckStream.ts"

/**
 * The first word of an error that the server answered, such as `NOGROUP`; null for any other failure. A reply's message
 * begins with that word by the protocol (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors).
 */
export const replyCode = (cause: unknown): string | null =>
  cause instanceof Error && cause.name === "ReplyError" ? (cause.message.split(/[ :]/, 1)[0] ?? "") : null

/** Replies by which the server refuses writes although it is there. */
const full: ReadonlySet<string> = new Set(["OOM", "READONLY", "MISCONF", "NOREPLICAS"])

/** Replies that say nothing about the command: ask again later. */
const unavailable: ReadonlySet<string> = new Set([
  "LOADING",
  "BUSY",
  "TRYAGAIN",
  "CLUSTERDOWN",
  "MASTERDOWN",
  "NOAUTH",
  "WRONGPASS",
  "NOGROUP",
  "UNBLOCKED",
])

/** What a failure of the client or an error reply means to whoever called. */
export const streamError = (operation: string, cause: unknown): StreamError => {
  const code = replyCode(cause)
  if (code === null || unavailable.has(code) || isTooManyClients(cause)) {
    return new StreamError({ reason: "unavailable", operation, cause })
  }
  return new StreamError({ reason: full.has(code) ? "full" : "bug", operation, cause })
}

const isTooManyClients = (cause: unknown): boolean =>
  cause instanceof Error && cause.message.includes("max number of clients")

/**
 * Whether the consumer group is not there, which happens whenever the stream's key was: the key was deleted, the server was
 * emptied, restarted without its data or replaced by a replica that had not caught up.
 */
export const isGroupGone = ({ cause }: StreamError): boolean => {
  const code = replyCode(cause)
  return code === "NOGROUP" || code === "UNBLOCKED"
}

/** Whether the server is a replica: the address leads to a master again only by a new connection. */
export const isReadOnly = (cause: unknown): boolean => replyCode(cause) === "READONLY"
