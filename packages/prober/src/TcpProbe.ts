import type { Socket } from "node:net"
import { Effect, type Scope } from "effect"
import { speaksOf } from "./Conditions.ts"
import { Conversation, type Reader } from "./Conversation.ts"
import { dial, secure } from "./Dial.ts"
import { unescaped } from "./EscapedText.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"
import type { ProbeRun } from "./ProbeRun.ts"
import { socketProbe, type Target } from "./SocketProbe.ts"
import { negotiateTls } from "./StartTlsNegotiation.ts"

/** How much of an answer is looked at, in bytes. */
const limit = 65_536

const notThere = failure("protocol", "the first 64 KiB of the answer do not hold the expected text")
const notThereInTime = failure("protocol", "connection closed before the expected text came")
const notAnything: ProbeFailure = failure("protocol", "the answer cannot be read")

/**
 * One TCP check: a connection, with TLS where it is told so, is `Up`; or only what is expected in the answer, once it came.
 * What came until then is what conditions see; where nothing is expected and a condition looks at the body, it is what
 * comes first.
 *
 * @returns never fails
 */
export const tcpProbe = socketProbe(
  Effect.fnUntraced(function* (run, target) {
    const { expect, send } = run.spec.tcp ?? {}
    const isRead = expect !== undefined || speaksOf(run.spec, "[BODY]")
    const socket = yield* connection(run, target)
    if (send === undefined && !isRead) return null
    const conversation = yield* Conversation.open(run, socket, {
      limit,
      tooLong: notThere,
      endsEarly: notThereInTime,
    })
    if (send !== undefined) yield* conversation.deliver(unescaped(send))
    if (isRead) {
      const wanted = expect === undefined ? readAnything : readUpTo(unescaped(expect))
      yield* Effect.ensuring(
        conversation.receive(wanted, notAnything),
        Effect.sync(() => {
          run.trace.body = conversation.unread()
        }),
      )
    }
    return null
  }),
)

const connection = (
  run: ProbeRun,
  { host, port, tlsHost }: Target,
): Effect.Effect<Socket, ProbeFailure, Scope.Scope> => {
  const { ignoreTls = false, startTls, tls = false } = run.spec.tcp ?? {}
  return Effect.flatMap(dial(run, host, port), (socket) => {
    if (startTls === undefined && !tls) return Effect.succeed(socket)
    const ready = startTls === undefined ? Effect.succeed(socket) : negotiateTls(run, socket, startTls, tlsHost)
    return Effect.flatMap(ready, (plain) => secure(run, plain, { host: tlsHost, ignoreTls }))
  })
}

/** Ends where the wanted bytes do, and takes nothing, so that all that came can be shown. Looks at each byte once. */
const readUpTo = (wanted: Buffer): Reader<void> => {
  let from = 0
  return (bytes) => {
    const isThere = bytes.subarray(0, limit).includes(wanted, from)
    from = Math.max(0, bytes.length - wanted.length + 1)
    return isThere ? { value: undefined, size: 0 } : "more"
  }
}

const readAnything: Reader<void> = (bytes) => (bytes.length === 0 ? "more" : { value: undefined, size: 0 })
