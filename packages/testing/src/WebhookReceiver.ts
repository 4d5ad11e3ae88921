import * as Http from "node:http"
import { Effect, type Scope } from "effect"

/** A message as it came. */
export interface ReceivedWebhook {
  /** Which channel's: the path that it came to. */
  readonly path: string
  /** `webhook-id`: the same for every try of one message (Standard Webhooks). */
  readonly key: string
  readonly body: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** A receiver of webhooks on 127.0.0.1, which remembers everything, also what it refuses. */
export interface WebhookReceiver {
  /** `http://127.0.0.1:port`, without a slash at the end; each channel has its own path. */
  readonly url: string
  readonly received: Effect.Effect<ReadonlyArray<ReceivedWebhook>>
  /** From now on messages are answered with this status, after so many milliseconds. */
  readonly answer: (status: number, delayMs?: number) => Effect.Effect<void>
}

/** A receiver on a free port until the scope closes; it answers 200 until it is told otherwise. */
export const webhookReceiver: Effect.Effect<WebhookReceiver, never, Scope.Scope> = Effect.gen(function* () {
  const received: Array<ReceivedWebhook> = []
  let status = 200
  let delayMs = 0
  const server = Http.createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      received.push({
        path: request.url ?? "/",
        key: String(request.headers["webhook-id"]),
        body: Buffer.concat(chunks).toString(),
        at: Date.now(),
      })
      const timer = setTimeout(() => response.writeHead(status).end(), delayMs)
      response.on("close", () => clearTimeout(timer))
    })
  })
  const port = yield* Effect.acquireRelease(
    Effect.async<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.die("no port"))
      })
    }),
    () => Effect.sync(() => server.close().closeAllConnections()),
  )
  return {
    url: `http://127.0.0.1:${port}`,
    received: Effect.sync(() => received),
    answer: (next, delay = 0) =>
      Effect.sync(() => {
        status = next
        delayMs = delay
      }),
  }
})
