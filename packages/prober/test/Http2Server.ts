import {
  createSecureServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2"
import type { Server } from "node:net"
import { createServer as createTlsServer, type TLSSocket } from "node:tls"
import type { Pair } from "@uptime/testing/Certificates"
import { Deferred, Effect, type Scope } from "effect"

/** A request as an HTTP/2 server saw it. */
export interface SeenHttp2Request {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Http2Server {
  readonly port: number
  readonly requests: ReadonlyArray<SeenHttp2Request>
  /** Ends when the first connection has been closed. */
  readonly awaitClosed: Effect.Effect<void>
}

/** Answers a request, of which the body has come. */
export type Http2Answer = (stream: ServerHttp2Stream, request: SeenHttp2Request) => void

/** An HTTP/2 server of Node's own on a free port of 127.0.0.1; it knows HTTP/1.1 only where it is told. */
export const http2Server = (
  pair: Pair,
  answer: Http2Answer = (stream) => {
    stream.respond({ ":status": 200 })
    stream.end("ok")
  },
  options: SecureServerOptions = {},
): Effect.Effect<Http2Server, never, Scope.Scope> =>
  Effect.gen(function* () {
    const requests: Array<SeenHttp2Request> = []
    const sessions = new Set<ServerHttp2Session>()
    const closed = yield* Deferred.make<void>()
    const server = createSecureServer({ ...pair, ...options })
    server.on("session", (session) => {
      sessions.add(session)
      session.on("error", () => undefined)
      session.on("close", () => {
        sessions.delete(session)
        Deferred.unsafeDone(closed, Effect.void)
      })
    })
    server.on("stream", (stream, headers) => {
      const chunks: Array<Buffer> = []
      stream.on("error", () => undefined)
      stream.on("data", (chunk: Buffer) => chunks.push(chunk))
      stream.on("end", () => {
        const request = { headers, body: Buffer.concat(chunks).toString("utf8") }
        requests.push(request)
        if (!stream.destroyed) answer(stream, request)
      })
    })
    server.on("tlsClientError", () => undefined)
    const port = yield* Effect.acquireRelease(listening(server), () =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        for (const session of sessions) session.destroy()
      }),
    )
    return { port, requests, awaitClosed: Deferred.await(closed) }
  })

/** A server that agrees on HTTP/2 and then does with the connection what it likes. */
export const rawHttp2Server = (
  pair: Pair,
  onConnection: (socket: TLSSocket) => void,
): Effect.Effect<number, never, Scope.Scope> =>
  Effect.suspend(() => {
    const sockets = new Set<TLSSocket>()
    const server = createTlsServer({ ...pair, ALPNProtocols: ["h2"] }, (socket) => {
      sockets.add(socket)
      socket.on("error", () => socket.destroy())
      socket.on("close", () => sockets.delete(socket))
      onConnection(socket)
    })
    return Effect.acquireRelease(listening(server), () =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        for (const socket of sockets) socket.destroy()
      }),
    )
  })

const listening = (server: Server) =>
  Effect.async<number>((resume) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(
        typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.dieMessage("no port"),
      )
    })
  })
