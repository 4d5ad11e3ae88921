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
  "MOVED",
  "ASK",
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

/** Whether a node of a cluster refused a command because another one has the key: nothing was done. */
export const isMoved = (cause: unknown): boolean => replyCode(cause) === "MOVED"

/** Replies that say nothing of the command but that another server is the one for it. */
const elsewhere: ReadonlySet<string> = new Set(["READONLY", "MOVED", "ASK", "CLUSTERDOWN"])

/** Whether the command belongs elsewhere: the address of a replica, or the cluster's nodes, may lead there by the next connection. */
export const isElsewhere = (cause: unknown): boolean => elsewhere.has(replyCode(cause) ?? "")
