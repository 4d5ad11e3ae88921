import type { Socket } from "node:net"
import type { StartTls } from "@uptime/domain/checks/SocketChecks"
import { Effect } from "effect"
import { Conversation, type Reader, readLine } from "./Conversation.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"
import type { ProbeRun } from "./ProbeRun.ts"
import { readReply } from "./ReplyLines.ts"
import * as SmtpDialogue from "./SmtpDialogue.ts"

/** The most that a server may say before TLS begins, in bytes. */
const limit = 16_384

const refused = failure("protocol", "the server refuses to begin TLS")
const notOffered = failure("protocol", "the server does not offer TLS")
const unwelcome = failure("protocol", "the server refuses the connection")
const notImap = failure("protocol", "the answer is not IMAP")
const notPop3 = failure("protocol", "the answer is not POP3")
const notFtp = failure("protocol", "the answer is not FTP")
const notXmpp = failure("protocol", "the answer is not XMPP")
const notPostgres = failure("protocol", "the answer is not PostgreSQL's")

type Dialogue = (conversation: Conversation, host: string) => Effect.Effect<void, ProbeFailure>

/**
 * Asks a server for TLS in its own protocol, on a connection that has just been made; then TLS can begin on the socket.
 *
 * @param host the name by which the server is asked, where its protocol names one
 */
export const negotiateTls = (
  run: ProbeRun,
  socket: Socket,
  protocol: StartTls,
  host: string,
): Effect.Effect<Socket, ProbeFailure> =>
  Effect.scoped(
    Effect.flatMap(Conversation.open(run, socket, { limit }), (conversation) =>
      Effect.zipRight(dialogues[protocol](conversation, host), conversation.handOver),
    ),
  )

/** RFC 3207. */
const smtp: Dialogue = Effect.fnUntraced(function* (conversation) {
  yield* SmtpDialogue.greeting(conversation)
  const extensions = yield* SmtpDialogue.hello(conversation)
  if (!extensions.includes("STARTTLS")) return yield* Effect.fail(SmtpDialogue.offersNoStartTls)
  yield* SmtpDialogue.startTls(conversation)
})

/** RFC 9051, section 6.2.1. A server that greets with `PREAUTH` cannot turn to TLS any more. */
const imap: Dialogue = Effect.fnUntraced(function* (conversation) {
  const greeting = yield* conversation.receive(readLine, notImap)
  if (!/^\* (?:OK|PREAUTH|BYE)\b/i.test(greeting)) return yield* Effect.fail(notImap)
  if (!/^\* OK\b/i.test(greeting)) return yield* Effect.fail(unwelcome)
  conversation.send("a STARTTLS\r\n")
  let line = yield* conversation.receive(readLine, notImap)
  while (line.startsWith("* ")) line = yield* conversation.receive(readLine, notImap)
  if (!/^a OK\b/i.test(line)) return yield* Effect.fail(/^a (?:NO|BAD)\b/i.test(line) ? refused : notImap)
})

/** RFC 2595, section 4. */
const pop3: Dialogue = Effect.fnUntraced(function* (conversation) {
  const greeting = yield* conversation.receive(readLine, notPop3)
  if (!greeting.startsWith("+OK")) return yield* Effect.fail(greeting.startsWith("-ERR") ? unwelcome : notPop3)
  conversation.send("STLS\r\n")
  const answer = yield* conversation.receive(readLine, notPop3)
  if (!answer.startsWith("+OK")) return yield* Effect.fail(answer.startsWith("-ERR") ? refused : notPop3)
})

/** RFC 4217, section 4. A greeting of 120 says that another one follows (RFC 959, section 5.4). */
const ftp: Dialogue = Effect.fnUntraced(function* (conversation) {
  let greeting = yield* conversation.receive(readReply(), notFtp)
  while (greeting.code === 120) greeting = yield* conversation.receive(readReply(), notFtp)
  if (greeting.code !== 220) return yield* Effect.fail(unwelcome)
  conversation.send("AUTH TLS\r\n")
  const answer = yield* conversation.receive(readReply(), notFtp)
  if (answer.code !== 234) return yield* Effect.fail(refused)
})

const featuresEnd = ["</stream:features>", "<stream:features/>"]
const streamEnd = ["</stream:error>", "</stream:stream>"]

/** RFC 6120, section 5.4. What is looked for are the ends of its stanzas; nothing of them is parsed further. */
const xmpp: Dialogue = Effect.fnUntraced(function* (conversation, host) {
  conversation.send(
    `<?xml version='1.0'?><stream:stream to='${xmlText(host)}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`,
  )
  const features = yield* conversation.receive(readUntil(...featuresEnd, ...streamEnd), notXmpp)
  if (streamEnd.some((mark) => features.endsWith(mark))) return yield* Effect.fail(unwelcome)
  if (!features.includes("<starttls")) return yield* Effect.fail(notOffered)
  conversation.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
  const answer = yield* conversation.receive(readUntil(">"), notXmpp)
  if (!answer.trimStart().startsWith("<proceed")) return yield* Effect.fail(refused)
  if (!answer.endsWith("/>")) yield* conversation.receive(readUntil("</proceed>"), notXmpp)
})

/** "Protocol Flow", section "SSL Session Encryption", of PostgreSQL's documentation. */
const postgres: Dialogue = (conversation) =>
  Effect.flatMap(offersTls(conversation), (isOffered) => (isOffered ? Effect.void : Effect.fail(notOffered)))

/** A PostgreSQL server's answer to a request for TLS; when it is yes, TLS begins. */
export const offersTls = (conversation: Conversation): Effect.Effect<boolean, ProbeFailure> => {
  conversation.send(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]))
  return conversation.receive(readSslAnswer, notPostgres)
}

const readSslAnswer: Reader<boolean> = (bytes) => {
  if (bytes.length === 0) return "more"
  const [answer] = bytes
  return answer === 0x53 || answer === 0x4e ? { value: answer === 0x53, size: 1 } : "malformed"
}

/** Text up to the end of the first of some marks; what does not begin as XML does is malformed. */
const readUntil =
  (...marks: ReadonlyArray<string>): Reader<string> =>
  (bytes) => {
    if (bytes.length > 0 && bytes[0] !== 0x3c && bytes.toString("latin1", 0, 1).trim() !== "") return "malformed"
    for (const mark of marks) {
      const at = bytes.indexOf(mark)
      if (at >= 0) return { value: bytes.toString("utf8", 0, at + mark.length), size: at + mark.length }
    }
    return "more"
  }

const xmlText = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("'", "&apos;")

const dialogues: Readonly<Record<StartTls, Dialogue>> = { smtp, imap, pop3, ftp, xmpp, postgres }
