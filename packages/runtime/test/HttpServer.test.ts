import { createServer, type Server } from "node:http"
import { connect, type Socket } from "node:net"
import * as HttpLayerRouter from "@effect/platform/HttpLayerRouter"
import * as HttpServer from "@effect/platform/HttpServer"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Exit, Fiber, Layer, Queue, Scope } from "effect"
import { httpServerLayer } from "../src/HttpServer.ts"

/** A connection that speaks HTTP by hand: what it received so far, and when it ended. */
const openSocket = (port: number) =>
  Effect.gen(function* () {
    const received = yield* Queue.unbounded<string>()
    const closed = yield* Deferred.make<void>()
    const socket: Socket = yield* Effect.acquireRelease(
      Effect.async<Socket>((resume) => {
        const opened = connect(port, "127.0.0.1", () => resume(Effect.succeed(opened)))
        opened.setEncoding("utf8")
        opened.on("data", (text: string) => Queue.unsafeOffer(received, text))
        opened.on("error", () => undefined)
        opened.on("close", () => Deferred.unsafeDone(closed, Exit.void))
      }),
      (opened) => Effect.sync(() => opened.destroy()),
    )
    return {
      send: (text: string) => Effect.sync(() => socket.write(text)),
      received: Queue.take(received),
      closed: Deferred.await(closed),
    }
  })

const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

const serve = (graceMs: number) =>
  Effect.gen(function* () {
    const entered = yield* Queue.unbounded<void>()
    const release = yield* Deferred.make<void>()
    const routes = Layer.mergeAll(
      HttpLayerRouter.add("GET", "/fast", HttpServerResponse.text("fast")),
      HttpLayerRouter.add(
        "GET",
        "/slow",
        Queue.offer(entered, undefined).pipe(
          Effect.zipRight(Deferred.await(release)),
          Effect.as(HttpServerResponse.text("slow but whole")),
        ),
      ),
    )
    const scope = yield* Scope.make()
    const context = yield* HttpLayerRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
      Layer.provideMerge(httpServerLayer({ host: "127.0.0.1", port: 0, graceMs })),
      Layer.buildWithScope(scope),
    )
    const address = yield* HttpServer.HttpServer.pipe(
      Effect.map((server) => server.address),
      Effect.provide(context),
    )
    const port = address._tag === "TcpAddress" ? address.port : 0
    return { port, release, entered: Queue.take(entered), stop: Scope.close(scope, Exit.void) }
  })

describe("httpServerLayer", () => {
  it.scopedLive("answers 503 while the application behind it is still starting", () =>
    Effect.gen(function* () {
      const context = yield* Layer.build(httpServerLayer({ host: "127.0.0.1", port: 0 }))
      const { address } = yield* Effect.provide(HttpServer.HttpServer, context)
      const client = yield* openSocket(address._tag === "TcpAddress" ? address.port : 0)
      yield* client.send(request("/readyz"))
      const answer = yield* client.received
      assert.match(answer, /^HTTP\/1\.1 503 /)
      assert.match(answer, /retry-after: 1/i)
    }).pipe(Effect.timeout("5 seconds")),
  )

  it.scopedLive("lets a request in flight finish, closes idle connections at once, and then stops", () =>
    Effect.gen(function* () {
      const server = yield* serve(10_000)
      const idle = yield* openSocket(server.port)
      yield* idle.send(request("/fast"))
      assert.include(yield* idle.received, "fast")
      const busy = yield* openSocket(server.port)
      yield* busy.send(request("/slow"))
      yield* server.entered
      const stopping = yield* Effect.fork(Effect.timed(server.stop))
      yield* idle.closed
      yield* Deferred.succeed(server.release, undefined)
      const answer = yield* busy.received
      assert.match(answer, /^HTTP\/1.1 200/)
      assert.include(answer, "slow but whole")
      yield* busy.closed
      const [took] = yield* Fiber.join(stopping)
      assert.isBelow(Duration.toMillis(took), 5000)
    }),
  )

  it.scopedLive("cuts off what outlasts the grace", () =>
    Effect.gen(function* () {
      const server = yield* serve(300)
      const stuck = yield* openSocket(server.port)
      yield* stuck.send(request("/slow"))
      yield* server.entered
      const [took] = yield* Effect.timed(server.stop)
      yield* stuck.closed
      assert.isAtLeast(Duration.toMillis(took), 250)
      assert.isBelow(Duration.toMillis(took), 3000)
    }),
  )

  it.scopedLive("takes no new connection once it stops", () =>
    Effect.gen(function* () {
      const server = yield* serve(300)
      yield* server.stop
      const refused = yield* Effect.async<boolean>((resume) => {
        const socket = connect(server.port, "127.0.0.1")
        socket.on("connect", () => resume(Effect.sync(() => !socket.destroy())))
        socket.on("error", () => resume(Effect.succeed(true)))
      })
      assert.isTrue(refused)
    }),
  )

  it.scopedLive("says in a sentence why it cannot listen", () =>
    Effect.gen(function* () {
      const other = yield* Effect.acquireRelease(
        Effect.async<Server>((resume) => {
          const taken = createServer().listen(0, "127.0.0.1", () => resume(Effect.succeed(taken)))
        }),
        (taken) => Effect.sync(() => taken.close()),
      )
      const address = other.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const inUse = yield* Effect.flip(Layer.build(httpServerLayer({ host: "127.0.0.1", port })))
      assert.strictEqual(
        inUse.message,
        `cannot listen on 127.0.0.1:${port}: the port is in use; set HOST or PORT to another`,
      )
      const nowhere = yield* Effect.flip(Layer.build(httpServerLayer({ host: "192.0.2.1", port: 0 })))
      assert.include(nowhere.message, "this machine has no such address")
    }),
  )
})
