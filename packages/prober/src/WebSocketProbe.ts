import type { Socket } from "node:net"
import { Effect, type Scope } from "effect"
import { speaksOf } from "./Conditions.ts"
import { dial, secure } from "./Dial.ts"
import { unescaped } from "./EscapedText.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"
import type { ProbeRun } from "./ProbeRun.ts"
import { readSecret, socketProbe, type Target } from "./SocketProbe.ts"
import { exchangeMessages } from "./WebSocketExchange.ts"

const badHeader = failure("internal", "the value of a secret header holds what a header cannot")

/**
 * One WebSocket check: the upgrade is enough, or it is what is expected in one of the first messages. What conditions see
 * is the message that was found, or the first one where nothing is expected and a condition looks at the body. Redirects
 * are not followed: they are refusals of the upgrade.
 *
 * @returns never fails
 */
export const webSocketProbe = socketProbe(
  Effect.fnUntraced(function* (run, target) {
    const { expect, send, subprotocols = [] } = run.spec.websocket ?? {}
    const headers = yield* headersOf(run)
    const socket = yield* connection(run, target)
    yield* exchangeMessages(
      socket,
      {
        url: target.url,
        headers,
        subprotocols,
        send: send === undefined ? null : unescaped(send),
        expect: expect === undefined ? null : unescaped(expect),
        isRead: expect !== undefined || speaksOf(run.spec, "[BODY]"),
      },
      run.trace,
    )
    return null
  }),
)

const headersOf = Effect.fnUntraced(function* (run: ProbeRun): Effect.fn.Return<Record<string, string>, ProbeFailure> {
  const headers: Record<string, string> = { "User-Agent": run.services.userAgent }
  for (const { name, value } of run.spec.websocket?.secretHeaders ?? []) {
    const text = yield* readSecret(run, value)
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) return yield* Effect.fail(badHeader)
    headers[name] = text
  }
  return headers
})

const connection = (
  run: ProbeRun,
  { host, port, scheme, tlsHost }: Target,
): Effect.Effect<Socket, ProbeFailure, Scope.Scope> =>
  Effect.flatMap(dial(run, host, port), (socket) => {
    if (scheme === "ws") return Effect.succeed(socket)
    const ignoreTls = run.spec.websocket?.ignoreTls ?? false
    return secure(run, socket, { host: tlsHost, ignoreTls, alpnProtocols: ["http/1.1"] })
  })
