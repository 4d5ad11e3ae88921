import type { Socket } from "node:net"
import { createSecureContext, TLSSocket } from "node:tls"
import { assert } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { ProbeOutcome } from "@uptime/domain/Result"
import type { SealedSecret } from "@uptime/domain/Secret"
import type { ProbeServices } from "@uptime/prober/ProbeRun"
import { SecretBox } from "@uptime/runtime/SecretBox"
import type { Pair } from "@uptime/testing/Certificates"
import { rawServer } from "@uptime/testing/HostileServer"
import { Deferred, Duration, Effect, Option, Redacted } from "effect"
import { testSecrets } from "./TestProber.ts"

/** Goes on with a connection under TLS, as its server. */
export const upgraded = (socket: Socket, pair: Pair): TLSSocket => {
  const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(pair) })
  return secured.on("error", () => secured.destroy())
}

/** A server on a free port of 127.0.0.1 that speaks TLS from the first byte. */
export const tlsServer = (pair: Pair, onConnection: (socket: TLSSocket) => void) =>
  rawServer((socket) => onConnection(upgraded(socket, pair)))

/** Calls for each line that comes, without its end. */
export const onLine = (socket: Socket, call: (line: string) => void): void => {
  let text = ""
  socket.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1")
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      const line = text.slice(0, end).replace(/\r$/, "")
      text = text.slice(end + 1)
      call(line)
    }
  })
}

/** Writes as fast as the other side takes it, without an end. */
export const flood = (socket: Socket, piece: Buffer | string): void => {
  const pump = () => {
    while (!socket.destroyed && socket.write(piece)) {
      // Goes on until the buffer is full.
    }
  }
  socket.on("drain", pump)
  pump()
}

/** A server that says nothing: what it is told, and when its first connection is made and closed. */
export const silentServer = (greeting: Buffer | string = "") =>
  Effect.gen(function* () {
    const heard: Array<string> = []
    const made = yield* Deferred.make<void>()
    const closed = yield* Deferred.make<void>()
    const { port } = yield* rawServer((socket) => {
      Deferred.unsafeDone(made, Effect.void)
      socket.on("close", () => Deferred.unsafeDone(closed, Effect.void))
      socket.on("data", (bytes: Buffer) => heard.push(bytes.toString("latin1")))
      if (greeting.length > 0) socket.write(greeting)
    })
    return {
      port,
      heard: () => heard.join(""),
      made: Deferred.await(made),
      closed: Effect.timeout(Deferred.await(closed), "2 seconds"),
    }
  })

/** A port of 127.0.0.1 at which nobody listens any more. */
export const deadPort = Effect.map(Effect.scoped(rawServer(() => undefined)), ({ port }) => port)

/** A secret of the tests' own key. */
export const sealed = (text: string): Effect.Effect<SealedSecret> =>
  Effect.flatMap(SecretBox, ({ seal }) => seal(text)).pipe(Effect.orDie, Effect.provide(testSecrets))

/** A secret that was sealed under a key which the probe does not have. */
export const foreignSecret: Effect.Effect<SealedSecret> = Effect.flatMap(SecretBox, ({ seal }) => seal("secret")).pipe(
  Effect.orDie,
  Effect.provide(SecretBox.layer(Option.some(Redacted.make("another key, which is long enough as well")))),
)

/** How much longer than its deadline a probe may take, in milliseconds. */
const graceMs = 500

/** The outcome of a probe, and that it came in time and its message is a sentence of ours. */
export const inTime = (
  probe: (services: ProbeServices, spec: CheckSpec) => Effect.Effect<ProbeOutcome>,
  services: ProbeServices,
  spec: CheckSpec,
): Effect.Effect<ProbeOutcome> =>
  Effect.map(Effect.timed(probe(services, spec)), ([took, outcome]) => {
    assert.isBelow(Duration.toMillis(took), spec.timeoutMs + graceMs)
    // What a condition says of the answer holds words of the answer.
    if (outcome.errorKind !== "condition") assert.match(outcome.errorMessage ?? "none", /^[\x20-\x7e]{1,200}$/)
    return outcome
  })

/** The phases that were measured. */
export const phasesOf = ({ phases }: ProbeOutcome): ReadonlyArray<string> =>
  Object.entries(phases)
    .filter(([, ms]) => ms !== null)
    .map(([name]) => name)

/** What an outcome says: its status, the kind of its error and the message. */
export const said = ({ errorKind, errorMessage, status }: ProbeOutcome) => [status, errorKind, errorMessage] as const
