import { createServer, type Server, type Socket } from "node:net"
import { Effect, type Scope } from "effect"
import { httpTricks } from "./HttpTricks.ts"

/** A server that speaks bytes, not HTTP: what each path does to a client is the path's own trick. */
export interface HostileServer {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** The requests that came, as they came. */
  readonly requests: () => ReadonlyArray<string>
  /** How many connections are open now. */
  readonly open: () => number
  /** Waits until that many requests have come in all. */
  readonly awaitRequests: (count: number) => Effect.Effect<void>
  /** Waits until no connection is open. */
  readonly awaitClosed: Effect.Effect<void>
}

const listen = (server: Server) =>
  Effect.async<number, Error>((resume) => {
    server.once("error", (error) => resume(Effect.fail(error)))
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(
        typeof address === "object" && address !== null
          ? Effect.succeed(address.port)
          : Effect.fail(new Error("the server listens on no port")),
      )
    })
  }).pipe(Effect.orDie)

/** A server on a free port of 127.0.0.1, by any handler of connections; cut off when the scope closes. */
export const rawServer = (onConnection: (socket: Socket) => void) =>
  Effect.acquireRelease(
    Effect.suspend(() => {
      const sockets = new Set<Socket>()
      const server = createServer({ noDelay: true }, (socket) => {
        sockets.add(socket)
        socket.on("close", () => sockets.delete(socket))
        socket.on("error", () => socket.destroy())
        onConnection(socket)
      })
      return Effect.map(listen(server), (port) => ({ port, server, sockets }))
    }),
    ({ server, sockets }) =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        for (const socket of sockets) socket.destroy()
      }),
  )

/** The server with all tricks. */
export const hostileServer: Effect.Effect<HostileServer, never, Scope.Scope> = Effect.gen(function* () {
  const requests: Array<string> = []
  const watchers = new Set<() => void>()
  const until = (isReached: () => boolean) =>
    Effect.async<void>((resume) => {
      const look = () => {
        if (!isReached()) return
        watchers.delete(look)
        resume(Effect.void)
      }
      watchers.add(look)
      look()
      return Effect.sync(() => watchers.delete(look))
    })
  const told = () => {
    for (const look of watchers) look()
  }
  const { port, sockets } = yield* rawServer((socket) => {
    socket.on("close", told)
    socket.once("data", (bytes) => {
      const text = bytes.toString("latin1")
      requests.push(text)
      const url = new URL(text.split(" ")[1] ?? "/", "http://x")
      const trick = httpTricks[url.pathname]
      if (trick === undefined) socket.destroy()
      else trick(socket, url.searchParams)
      told()
    })
  })
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: () => requests,
    open: () => sockets.size,
    awaitRequests: (count) => until(() => requests.length >= count),
    awaitClosed: until(() => sockets.size === 0),
  }
})
