import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http"
import { createServer as createSecureServer, type ServerOptions } from "node:https"
import { TLSSocket } from "node:tls"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { ProbeOutcome } from "@uptime/domain/Result"
import type { SealedSecret } from "@uptime/domain/Secret"
import { Prober } from "@uptime/prober/Prober"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Effect, type Scope } from "effect"
import { testSecrets } from "./TestProber.ts"

/** A request as a server saw it. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The common name of the client's certificate; null without one. */
  readonly client: string | null
}

/** Answers a request, of which the body has come. */
export type Answer = (response: ServerResponse, request: SeenRequest) => void

/** A server of Node's own on a free port of 127.0.0.1, or of another address. */
export interface HttpServer {
  /** `http://127.0.0.1:port` or `https://…`, without a slash at the end. */
  readonly url: string
  readonly port: number
  readonly requests: ReadonlyArray<SeenRequest>
}

const ok: Answer = (response) => response.end("ok")

/** A server that answers as it is told, 200 unless told, and keeps what it was asked; over TLS where it has a certificate. */
export const httpServer = (
  answer: Answer = ok,
  tls: ServerOptions | null = null,
  address = "127.0.0.1",
): Effect.Effect<HttpServer, never, Scope.Scope> =>
  Effect.gen(function* () {
    const requests: Array<SeenRequest> = []
    const onRequest = (incoming: IncomingMessage, response: ServerResponse) => {
      const chunks: Array<Buffer> = []
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
      incoming.on("end", () => {
        const request: SeenRequest = {
          method: incoming.method ?? "",
          path: incoming.url ?? "",
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString("utf8"),
          client: clientOf(incoming),
        }
        requests.push(request)
        answer(response, request)
      })
    }
    const server = tls === null ? createServer(onRequest) : createSecureServer(tls, onRequest)
    server.on("tlsClientError", () => undefined)
    const port = yield* Effect.acquireRelease(listening(server, address), () =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      }),
    )
    const host = address.includes(":") ? `[${address}]` : address
    return { url: `${tls === null ? "http" : "https"}://${host}:${port}`, port, requests }
  })

const clientOf = ({ socket }: IncomingMessage): string | null => {
  if (!(socket instanceof TLSSocket)) return null
  const name: unknown = socket.getPeerCertificate().subject?.CN
  return typeof name === "string" ? name : null
}

const listening = (server: Server, host: string) =>
  Effect.async<number>((resume) => {
    server.listen(0, host, () => {
      const address = server.address()
      resume(
        typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.dieMessage("no port"),
      )
    })
  })

/** A secret, sealed under the key of the tests. */
export const sealed = (text: string): Effect.Effect<SealedSecret> =>
  Effect.flatMap(SecretBox, ({ seal }) => seal(text)).pipe(Effect.provide(testSecrets), Effect.orDie)

/** One HTTP check by the prober in the environment. */
export const check = (
  url: string,
  http: NonNullable<CheckSpec["http"]> = {},
  more: Partial<Pick<CheckSpec, "timeoutMs" | "conditions">> = {},
): Effect.Effect<ProbeOutcome, never, Prober> =>
  Effect.flatMap(Prober, (prober) => prober.probe({ kind: "http", url, timeoutMs: 5_000, http, ...more }))
