import { createServer, type IncomingHttpHeaders, type Server } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Option, Queue, Redacted } from "effect"
import { tracingLayer } from "../src/Tracing.ts"

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A collector on a free port, which takes everything. */
const collector = Effect.gen(function* () {
  const received = yield* Queue.unbounded<Received>()
  const server = yield* Effect.acquireRelease(
    Effect.async<Server>((resume) => {
      const listening = createServer((request, response) => {
        let body = ""
        request.setEncoding("utf8").on("data", (text: string) => {
          body += text
        })
        request.on("end", () => {
          Queue.unsafeOffer(received, { path: request.url ?? "", headers: request.headers, body })
          response.end("{}")
        })
      }).listen(0, "127.0.0.1", () => resume(Effect.succeed(listening)))
    }),
    (listening) =>
      Effect.sync(() => {
        listening.closeAllConnections()
        listening.close()
      }),
  )
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/otlp`, received }
})

const work = Effect.logInfo("working").pipe(Effect.withSpan("the work"))

describe("tracingLayer", () => {
  it.scopedLive("sends what is left to the collector before the process ends, under its name and headers", () =>
    Effect.gen(function* () {
      const { received, url } = yield* collector
      yield* work.pipe(
        Effect.provide(
          tracingLayer("producer", {
            endpoint: Option.some(url),
            headers: Option.some(Redacted.make("authorization=Bearer%20t0ken, x-team=a=b")),
          }),
        ),
      )
      const all = yield* Queue.takeAll(received)
      const traces = [...all].find((one) => one.path === "/otlp/v1/traces")
      assert.include(traces?.body, '"the work"')
      assert.include(traces?.body, '"producer"')
      assert.strictEqual(traces?.headers.authorization, "Bearer t0ken")
      assert.strictEqual(traces?.headers["x-team"], "a=b")
      assert.includeMembers(
        [...all].map((one) => one.path),
        ["/otlp/v1/logs", "/otlp/v1/metrics"],
      )
    }),
  )

  it.scopedLive("ends in time though the collector is away", () =>
    Effect.gen(function* () {
      const away = tracingLayer("producer", { endpoint: Option.some("http://127.0.0.1:9"), headers: Option.none() })
      const [took] = yield* Effect.timed(Effect.provide(work, away))
      assert.isBelow(Duration.toMillis(took), 3000)
    }),
  )

  it.scopedLive("makes no spans without an endpoint", () =>
    Effect.gen(function* () {
      const sampled = yield* Effect.currentSpan.pipe(
        Effect.map((span) => span.sampled),
        Effect.withSpan("anything"),
        Effect.provide(tracingLayer("producer", { endpoint: Option.none(), headers: Option.none() })),
      )
      assert.isFalse(sampled)
    }),
  )
})
