import { Agent, request } from "node:http"
import { Effect, type Scope } from "effect"

/** A request as it goes over the wire: path and header fields as they are, whatever they hold. */
export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
}

/** An answer as it came. */
export interface WireAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
  /** From the request to the end of the answer, in milliseconds. */
  readonly tookMs: number
}

/** Sends requests to a server on this machine. The status is 0 where the connection ended without an answer. */
export type Wire = (sent: WireRequest) => Effect.Effect<WireAnswer>

/** The longest that an answer is waited for, in milliseconds. */
const patienceMs = 60_000

/** A way to a server, over connections that stay open, until the scope closes. */
export const wireTo = (base: string): Effect.Effect<Wire, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => new Agent({ keepAlive: true, maxSockets: 64 })),
      (agent) => Effect.sync(() => agent.destroy()),
    ),
    (agent) =>
      ({ body, headers, method, path }) =>
        Effect.async((resume) => {
          const { hostname, port } = new URL(base)
          const began = performance.now()
          const end = (status: number, contentType: string, text: string) =>
            resume(Effect.succeed({ status, contentType, text, tookMs: performance.now() - began }))
          const sending = request({
            agent,
            hostname,
            port,
            method,
            path,
            headers: body === null ? headers : { ...headers, "content-length": body.length },
            timeout: patienceMs,
          })
          sending.on("timeout", () => sending.destroy(new Error("no answer")))
          sending.on("error", (error) => end(0, "", error.message))
          sending.on("response", (response) => {
            const contentType = response.headers["content-type"]?.split(";")[0] ?? ""
            const status = response.statusCode ?? 0
            // A stream of events has no end: its beginning is the answer.
            if (contentType === "text/event-stream") {
              end(status, contentType, "")
              sending.destroy()
              return
            }
            const chunks: Array<Buffer> = []
            response.on("data", (chunk: Buffer) => chunks.push(chunk))
            response.on("end", () => end(status, contentType, Buffer.concat(chunks).toString("utf8")))
            response.on("error", (error) => end(0, "", error.message))
          })
          sending.end(body ?? undefined)
          return Effect.sync(() => sending.destroy())
        }),
  )
