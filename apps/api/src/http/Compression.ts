import { brotliCompress, constants, gzip } from "node:zlib"
import * as Headers from "@effect/platform/Headers"
import * as HttpBody from "@effect/platform/HttpBody"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { Effect } from "effect"
import { withHeaders } from "./WithHeaders.ts"

/** What a client may be sent instead of the bytes themselves, the better one first. */
export const encodings = ["br", "gzip"] as const
export type Encoding = (typeof encodings)[number]

/** Shorter bodies are sent as they are: one packet is one packet. */
const minBytes = 1024

/** Text, by its type; pictures and fonts are compressed already. */
const compressible = /^(text\/|application\/(json|javascript|manifest\+json|xml)|image\/svg\+xml)/

/** From this size on, in bytes, how soon an answer can be sent counts for more than a tenth of its size. */
const largeBytes = 512 * 1024

/** Fast settings: a list of ten thousand monitors takes ten milliseconds, on a thread of its own. */
const compressors: Readonly<Record<Encoding, (bytes: Uint8Array) => Effect.Effect<Uint8Array, Error>>> = {
  br: (bytes) =>
    Effect.async((resume) => {
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: bytes.length < largeBytes ? 4 : 1,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      }
      brotliCompress(bytes, { params }, (error, compressed) =>
        resume(error === null ? Effect.succeed(compressed) : Effect.fail(error)),
      )
    }),
  gzip: (bytes) =>
    Effect.async((resume) =>
      gzip(bytes, { level: bytes.length < largeBytes ? 5 : 3 }, (error, compressed) =>
        resume(error === null ? Effect.succeed(compressed) : Effect.fail(error)),
      ),
    ),
}

/** The best of `offered` that a client takes (RFC 9110, 12.5.3); null when it takes none of them. */
export const acceptedEncoding = (
  acceptEncoding: string | undefined,
  offered: ReadonlyArray<Encoding> = encodings,
): Encoding | null => {
  const weights = new Map<string, number>()
  for (const part of (acceptEncoding ?? "").toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim())
    const weight = parameters.find((text) => text.startsWith("q="))?.slice(2)
    weights.set(name, weight === undefined ? 1 : Number(weight) || 0)
  }
  return offered.find((name) => (weights.get(name) ?? weights.get("*") ?? 0) > 0) ?? null
}

/** Says that an answer depends on a header of the request, besides those that it names already. */
export const varyBy = (
  response: HttpServerResponse.HttpServerResponse,
  header: string,
): HttpServerResponse.HttpServerResponse => {
  const known = response.headers["vary"]
  if (known?.toLowerCase().includes(header.toLowerCase()) === true) return response
  return HttpServerResponse.setHeader(response, "vary", known === undefined ? header : `${known}, ${header}`)
}

/**
 * An answer as its client takes it: a text of a kilobyte or more by brotli or gzip, away from the event loop. What is
 * compressed already, a stream, and what asks not to be changed stay as they are.
 */
export const compressed = (
  request: HttpServerRequest.HttpServerRequest,
  response: HttpServerResponse.HttpServerResponse,
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  const { body, headers } = response
  if (body._tag !== "Uint8Array" || body.body.length < minBytes || headers["content-encoding"] !== undefined) {
    return Effect.succeed(response)
  }
  if (!compressible.test(body.contentType) || /\bno-transform\b/.test(headers["cache-control"] ?? "")) {
    return Effect.succeed(response)
  }
  const varying = varyBy(response, "Accept-Encoding")
  const encoding = acceptedEncoding(request.headers["accept-encoding"])
  if (encoding === null) return Effect.succeed(varying)
  const decided: Record<string, string> = { "content-encoding": encoding }
  // The same thing in other bytes: its tag is a weak one (RFC 9110, 8.8.1).
  if (headers["etag"]?.startsWith('"')) decided["etag"] = `W/${headers["etag"]}`
  return compressors[encoding](body.body).pipe(
    Effect.map((bytes) =>
      withHeaders(
        HttpServerResponse.setBody(varying, HttpBody.uint8Array(bytes, body.contentType)),
        Headers.empty,
        decided,
      ),
    ),
    // Without memory for it the bytes themselves are as good.
    Effect.orElseSucceed(() => varying),
  )
}
