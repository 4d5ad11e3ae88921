import { isIPv6 } from "node:net"
import { Effect } from "effect"
import type { Conversation } from "./Conversation.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"
import { type Reply, readReply } from "./ReplyLines.ts"

const notSmtp = failure("protocol", "the answer is not SMTP")
const refusesGreeting = failure("protocol", "the mail server refuses the connection")
const refusesHello = failure("protocol", "the mail server refuses EHLO and HELO")
const refusesTls = failure("protocol", "the mail server refuses to begin TLS")
/** The server cannot turn to TLS, and the check asks for it. */
export const offersNoStartTls = failure("protocol", "the mail server does not offer STARTTLS")

/** Sends a command and reads its reply. */
export const command = (conversation: Conversation, line: string): Effect.Effect<Reply, ProbeFailure> => {
  conversation.send(`${line}\r\n`)
  return conversation.receive(readReply(), notSmtp)
}

/** The server's greeting, a reply of 220. */
export const greeting = (conversation: Conversation): Effect.Effect<Reply, ProbeFailure> =>
  Effect.filterOrFail(
    conversation.receive(readReply(), notSmtp),
    ({ code }) => code === 220,
    () => refusesGreeting,
  )

/**
 * Introduces us by our address, which is what a client without a name of its own does (RFC 5321, section 4.1.3).
 *
 * @returns what the server can do, a line each in upper case: none where it knows only `HELO`
 */
export const hello = Effect.fnUntraced(function* (
  conversation: Conversation,
): Effect.fn.Return<ReadonlyArray<string>, ProbeFailure> {
  const address = conversation.localAddress
  const name = isIPv6(address) ? `[IPv6:${address}]` : `[${address}]`
  const extended = yield* command(conversation, `EHLO ${name}`)
  if (extended.code === 250) return extended.lines.slice(1).map((line) => line.toUpperCase())
  const plain = yield* command(conversation, `HELO ${name}`)
  return plain.code === 250 ? [] : yield* Effect.fail(refusesHello)
})

/** Asks for TLS (RFC 3207); then it begins. */
export const startTls = (conversation: Conversation): Effect.Effect<void, ProbeFailure> =>
  Effect.flatMap(command(conversation, "STARTTLS"), ({ code }) =>
    code === 220 ? Effect.void : Effect.fail(refusesTls),
  )
