import { createServer } from "node:http"
import type { Socket } from "node:net"
import { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { Resolver } from "@uptime/prober/Resolver"
import { parseCidrs, publicOnly, type TargetPolicy } from "@uptime/prober/TargetGuard"
import { Effect, Either, Layer, type Scope } from "effect"

/** A request that a receiver got. */
export interface Received {
  /** Where it was meant to go, such as `https://api.telegram.org`. */
  readonly origin: string
  readonly method: string
  readonly path: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a receiver answers; `hangs` answers nothing. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly hangs?: boolean
  /** How long the answer takes. */
  readonly afterMs?: number
}

export interface Receiver {
  readonly port: number
  /** What came, in its order. */
  readonly received: () => ReadonlyArray<Received>
  /** Waits until that many requests have come in all. */
  readonly awaitReceived: (count: number) => Effect.Effect<void>
  /** Waits until no connection is open. */
  readonly awaitClosed: Effect.Effect<void>
  /** Changes what is answered from now on. */
  readonly answers: (answer: Answer) => void
}

/** A receiver of messages on a port of 127.0.0.1, a free one for 0; it says `ok`. */
export const receiverAt: (port: number) => Effect.Effect<Receiver, never, Scope.Scope> = Effect.fnUntraced(function* (
  listenAt: number,
) {
  const received: Array<Received> = []
  let answer: Answer = {}
  const watchers = new Set<() => void>()
  const told = () => {
    for (const look of watchers) look()
  }
  const until = (isReached: () => boolean) =>
    Effect.async<void>((resume) => {
      const look = () => {
        if (isReached()) resume(Effect.void)
      }
      watchers.add(look)
      look()
      return Effect.sync(() => watchers.delete(look))
    })
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      received.push({
        origin: headers["x-origin"] ?? "",
        method: request.method ?? "",
        path: request.url ?? "",
        headers,
        body: Buffer.concat(chunks).toString(),
      })
      told()
      const { afterMs = 0, body = "ok", hangs = false, headers: answerHeaders, status = 200 } = answer
      if (hangs) return
      setTimeout(() => response.writeHead(status, answerHeaders).end(body), afterMs)
    })
  })
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.on("close", () => {
      sockets.delete(socket)
      told()
    })
  })
  const port = yield* Effect.acquireRelease(
    Effect.async<number>((resume) => {
      server.listen(listenAt, "127.0.0.1", () => {
        const address = server.address()
        resume(typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.die("no port"))
      })
    }),
    () =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      }),
  )
  return {
    port,
    received: () => received,
    awaitReceived: (count) => until(() => received.length >= count),
    awaitClosed: until(() => sockets.size === 0),
    answers: (next) => {
      answer = next
    },
  }
})

/** A receiver on a free port. */
export const receiver = receiverAt(0)

/** The policy of the tests: their own servers listen on loopback. */
export const loopbackPolicy: TargetPolicy = {
  ...publicOnly,
  allowCidrs: Either.getOrThrow(parseCidrs("127.0.0.0/8")),
}

/** A resolver that knows the given names, and nothing of any other. */
export const fakeResolver = (names: Readonly<Record<string, ReadonlyArray<string>>>): Layer.Layer<Resolver> =>
  Layer.succeed(
    Resolver,
    Resolver.of({
      resolve: (name) => {
        const addresses = names[name]
        return addresses === undefined ? Effect.dieMessage(`unexpected lookup of ${name}`) : Effect.succeed(addresses)
      },
    }),
  )

/** Requests that go where they say, through the guard. */
export const guardedHttp = (
  policy: TargetPolicy = loopbackPolicy,
  names: Readonly<Record<string, ReadonlyArray<string>>> = {},
): Layer.Layer<GuardedHttp> => GuardedHttp.layerNoDeps(policy).pipe(Layer.provide(fakeResolver(names)))

/** Requests that all come to a receiver, wherever they go; where is told in a header of its own. */
export const reroutedTo = ({ port }: Receiver): Layer.Layer<GuardedHttp> =>
  Layer.effect(
    GuardedHttp,
    Effect.map(GuardedHttp, (http) =>
      GuardedHttp.of({
        request: (request) => {
          const { origin, pathname, search } = new URL(request.url)
          return http.request({
            ...request,
            url: `http://127.0.0.1:${port}${pathname}${search}`,
            headers: { ...request.headers, "x-origin": origin },
          })
        },
      }),
    ),
  ).pipe(Layer.provide(guardedHttp()))
