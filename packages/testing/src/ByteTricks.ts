import type { Socket } from "node:net"
import { createSecureContext, TLSSocket } from "node:tls"
import { Effect, type Scope } from "effect"
import type { Pair } from "./Certificates.ts"
import { rawServer } from "./HostileServer.ts"
import { drip, flood } from "./HttpTricks.ts"

/**
 * What a server does to a connection, whatever was meant to be spoken on it.
 *
 * @param socket where it speaks
 * @param wire the connection under that, which is another where TLS lies between
 */
type ByteTrick = (socket: Socket, wire: Socket) => void

const garbage = Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 7_919 + (i >> 3) * 104_729) & 0xff))

/** Answers once something was asked, or after a moment where the server speaks first. */
const answering =
  (answer: ByteTrick): ByteTrick =>
  (socket, wire) => {
    const timer = setTimeout(() => answer(socket, wire), 50)
    socket.on("close", () => clearTimeout(timer))
    socket.on("data", () => undefined)
  }

/** Tricks against every protocol over TCP. */
export const byteTricks = {
  silence: (socket: Socket) => void socket.on("data", () => undefined),
  drip: answering((socket) => drip(socket, "220 ".repeat(1_000), 30)),
  "drip of zeros": answering((socket) => drip(socket, "\u0000".repeat(4_000), 30)),
  // What a TLS record of 16 KB begins with, and in it what a server's first word does; its end is not waited for.
  "drip of a handshake": answering((socket) =>
    drip(socket, `\u0016\u0003\u0003\u0040\u0000\u0002\u0000\u003f\u007c\u0003\u0003${"\u0000".repeat(4_000)}`, 30),
  ),
  flood: answering((socket) => flood(socket, Buffer.alloc(65_536, 0xff))),
  "flood of text": answering((socket) => flood(socket, "220-aaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(2_000))),
  "flood without a line": answering((socket) => flood(socket, "a".repeat(65_536))),
  garbage: answering((socket) => socket.end(garbage)),
  "NUL and unpaired": answering((socket) =>
    socket.end(Buffer.from("220 \u0000\xed\xa0\x80\xed\xbf\xbf\xff\r\n-ERR \u0000\xed\xa0\x80\r\n", "latin1")),
  ),
  reset: (_: Socket, wire: Socket) => void wire.resetAndDestroy(),
  "reset after a word": answering((socket, wire) =>
    socket.write("220 ", () => setTimeout(() => wire.resetAndDestroy(), 20)),
  ),
  close: (socket: Socket) => void socket.end(),
} as const satisfies Readonly<Record<string, ByteTrick>>
export type ByteTrickName = keyof typeof byteTricks

/** A server of one trick, on a free port of 127.0.0.1. */
export const byteServer = (trick: ByteTrickName): Effect.Effect<number, never, Scope.Scope> =>
  Effect.map(
    rawServer((socket) => byteTricks[trick](socket, socket)),
    ({ port }) => port,
  )

/** A server of one trick behind a handshake that goes as it should, with HTTP/2 where that is asked for. */
export const tlsByteServer = (pair: Pair, trick: ByteTrickName): Effect.Effect<number, never, Scope.Scope> =>
  Effect.map(
    rawServer((wire) => {
      const secureContext = createSecureContext(pair)
      const secured = new TLSSocket(wire, { isServer: true, secureContext, ALPNProtocols: ["h2", "http/1.1"] })
      secured.on("error", () => secured.destroy())
      secured.on("secure", () => byteTricks[trick](secured, wire))
    }),
    ({ port }) => port,
  )
