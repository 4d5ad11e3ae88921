import { createSocket } from "node:dgram"
import { isIP, type Socket } from "node:net"
import { Effect, type Scope } from "effect"
import { Conversation, type Reader } from "./Conversation.ts"
import { type DnsAnswer, type DnsQuestion, encodeQuestion, readAnswer } from "./DnsMessage.ts"
import { connectAny } from "./HappyEyeballs.ts"
import { isOnline } from "./LocalNetwork.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import type { NameServer } from "./NameServer.ts"
import { connectFailure, failure, type ProbeFailure } from "./ProbeFailure.ts"
import type { ProbeRun } from "./ProbeRun.ts"

/** How long an answer over UDP is awaited before the question is sent again, in milliseconds; it doubles each time. */
const resendMs = 1_000

const malformed = failure("protocol", "the name server's answer cannot be read")
const endsEarly = failure("protocol", "the name server closed the connection before it had answered")

/**
 * Asks one name server: over UDP, and over TCP when the answer does not fit, or over TCP at once. A server that does not
 * know EDNS is asked again without it. Ends with the first answer to the question, or with the deadline of whoever waits.
 */
export const askNameServer = (
  run: ProbeRun,
  server: NameServer,
  question: DnsQuestion,
  protocol: "udp" | "tcp",
): Effect.Effect<DnsAnswer, ProbeFailure> =>
  Effect.flatMap(askOnce(run, server, question, protocol, true), (answer) =>
    !answer.hasEdns && (answer.rcode === "FORMERR" || answer.rcode === "NOTIMP")
      ? askOnce(run, server, question, protocol, false)
      : Effect.succeed(answer),
  )

const askOnce = (
  run: ProbeRun,
  server: NameServer,
  question: DnsQuestion,
  protocol: "udp" | "tcp",
  withEdns: boolean,
): Effect.Effect<DnsAnswer, ProbeFailure> => {
  const message = encodeQuestion(question, withEdns)
  const byTcp = Effect.scoped(askByTcp(run, server, question, message))
  if (protocol === "tcp") return byTcp
  return Effect.flatMap(askByUdp(run, server, question, message), (answer) =>
    answer.isTruncated ? byTcp : Effect.succeed(answer),
  )
}

/** The socket is connected, so that the system lets through what the server itself sends, and nothing else. */
const askByUdp = (
  { trace }: ProbeRun,
  { address, port }: NameServer,
  question: DnsQuestion,
  message: Buffer,
): Effect.Effect<DnsAnswer, ProbeFailure> =>
  Effect.async((resume) => {
    trace.phase = "firstByte"
    const startedAt = monotonicNow()
    const socket = createSocket(isIP(address) === 6 ? "udp6" : "udp4")
    let timer: NodeJS.Timeout | undefined
    let isOver = false
    const close = () => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      socket.close()
    }
    const end = (result: Effect.Effect<DnsAnswer, ProbeFailure>) => {
      if (isOver) return
      close()
      trace.add("firstByte", monotonicNow() - startedAt)
      resume(result)
    }
    const send = (waitMs: number) => {
      // That it could not be sent comes as an event, too.
      socket.send(message, () => undefined)
      timer = setTimeout(() => send(2 * waitMs), waitMs)
    }
    socket.on("error", (error: NodeJS.ErrnoException) => end(Effect.fail(connectFailure(error.code, isOnline))))
    socket.on("message", (bytes) => {
      const answer = readAnswer(bytes, question)
      if (answer === "foreign") return
      end(answer === "malformed" ? Effect.fail(malformed) : Effect.succeed(answer))
    })
    socket.on("connect", () => send(resendMs))
    socket.connect(port, address)
    return Effect.sync(close)
  })

/** Messages over TCP are preceded by their length (RFC 1035, section 4.2.2). */
const readMessage: Reader<Buffer> = (bytes) => {
  if (bytes.length < 2) return "more"
  const size = 2 + bytes.readUInt16BE(0)
  return bytes.length < size ? "more" : { value: bytes.subarray(2, size), size }
}

const maxTcpBytes = 2 + 65_535

const askByTcp = Effect.fnUntraced(function* (
  run: ProbeRun,
  server: NameServer,
  question: DnsQuestion,
  message: Buffer,
): Effect.fn.Return<DnsAnswer, ProbeFailure, Scope.Scope> {
  const socket = yield* connected(run, server)
  const conversation = yield* Conversation.open(run, socket, { limit: maxTcpBytes, endsEarly })
  const size = Buffer.alloc(2)
  size.writeUInt16BE(message.length)
  conversation.send(Buffer.concat([size, message]))
  const answer = readAnswer(yield* conversation.receive(readMessage, malformed), question)
  // Nobody else can answer on a connection: what is foreign here is nonsense.
  return typeof answer === "string" ? yield* Effect.fail(malformed) : answer
})

const connected = Effect.fnUntraced(function* (
  { trace }: ProbeRun,
  { address, port }: NameServer,
): Effect.fn.Return<Socket, ProbeFailure, Scope.Scope> {
  let giveUp: () => void = () => undefined
  yield* Effect.addFinalizer(() => Effect.sync(() => giveUp()))
  return yield* Effect.async<Socket, ProbeFailure>((resume) => {
    giveUp = connectAny(
      [address],
      port,
      trace,
      (socket) => resume(Effect.succeed(socket)),
      (found) => resume(Effect.fail(found)),
    )
  })
})
