import { createServer, type Server } from "node:http"
import * as HttpServer from "@effect/platform/HttpServer"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, Data, Effect, Layer, Predicate, Scope } from "effect"
import { Draining } from "./Draining.ts"

/** Where a server listens, and how long it waits for requests in flight when it stops. */
export interface HttpServerOptions {
  /** An address or a host name. */
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** How long a stopping server lets requests in flight go on, in milliseconds; 8,000. */
  readonly graceMs?: number
}

/** The server cannot listen. */
export class ListenError extends Data.TaggedError("ListenError")<{
  readonly message: string
  readonly cause: unknown
}> {}

/** How long requests in flight may go on after the stop, in milliseconds; the process itself has 15 s. */
export const defaultGraceMs = 8_000

/** A request's headers must be here in this time, and all of it in the next, in milliseconds. */
const headersTimeoutMs = 10_000
const requestTimeoutMs = 30_000

/** Longer than the 60 s after which common load balancers close an idle connection, so that never we close it first. */
const keepAliveTimeoutMs = 65_000

/** A connection on which nothing moves, in either direction, is closed after this time, in milliseconds. */
const inactivityTimeoutMs = 120_000

/** The most connections at once; more are refused by closing them. */
const maxConnections = 8_192

/**
 * The HTTP server that every process uses: time limits on slow clients, a limit on connections, and a stop that ends.
 * While the application behind it is still starting it answers 503. When it stops it takes no new connection, closes idle
 * ones, lets requests in flight finish within the grace, answers 503 to new ones on connections that are open, and then
 * closes what is left.
 *
 * What it serves holds the services that it needs, as the routes of an `HttpLayerRouter` do: a request brings along none of
 * those that were around when the server was made.
 */
export const httpServerLayer = (options: HttpServerOptions) =>
  Layer.unwrapScoped(
    Effect.gen(function* () {
      const draining = yield* Draining
      yield* draining.track("http server")
      return NodeHttpServer.layer(() => boundedServer(options.graceMs ?? defaultGraceMs), {
        host: options.host,
        port: options.port,
      }).pipe(
        Layer.map((context) =>
          Context.add(context, HttpServer.HttpServer, lean(Context.get(context, HttpServer.HttpServer))),
        ),
        Layer.mapError(
          (error) =>
            new ListenError({
              message: `cannot listen on ${options.host}:${options.port}: ${reason(error.cause)}; set HOST or PORT to another`,
              cause: error.cause,
            }),
        ),
      )
    }),
  )

/** A server that lays nothing under a request's own services: whatever is there is copied each time that one is added. */
const lean = (server: HttpServer.HttpServer): HttpServer.HttpServer =>
  HttpServer.make({
    address: server.address,
    serve: (httpApp, middleware) =>
      Effect.mapInputContext(
        middleware === undefined ? server.serve(httpApp) : server.serve(httpApp, middleware),
        (context: Context.Context<Scope.Scope>) => Context.pick(Scope.Scope)(context),
      ),
  })

const boundedServer = (graceMs: number): Server => {
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: 5_000,
  })
  server.timeout = inactivityTimeoutMs
  server.maxConnections = maxConnections
  // Before the application has come and after it has gone nobody else answers, and a request would wait for ever.
  server.on("request", (_, response) => {
    if (server.listenerCount("request") > 1) return
    response.writeHead(503, { connection: "close", "retry-after": "1" }).end()
  })
  const close = server.close.bind(server)
  server.close = (callback) => {
    const idle = setInterval(() => server.closeIdleConnections(), 100)
    const all = setTimeout(() => server.closeAllConnections(), graceMs)
    return close((error) => {
      clearInterval(idle)
      clearTimeout(all)
      callback?.(error)
    })
  }
  return server
}

const reason = (cause: unknown): string => {
  const code = Predicate.hasProperty(cause, "code") ? String(cause.code) : String(cause)
  switch (code) {
    case "EADDRINUSE":
      return "the port is in use"
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return "this machine has no such address"
    case "EACCES":
      return "not allowed"
    default:
      return code
  }
}
