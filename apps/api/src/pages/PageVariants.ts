import { createHash } from "node:crypto"
import { brotliCompress, constants, gzip } from "node:zlib"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { WeightedCache } from "@uptime/runtime/WeightedCache"
import { Effect } from "effect"
import { acceptedEncoding, type Encoding } from "../http/Compression.ts"

/** An answer that is the same for everybody, with the bytes of each encoding that was asked for. */
interface Variant {
  readonly headers: Readonly<Record<string, string>>
  readonly etag: string
  readonly bytes: Readonly<Record<"identity", Uint8Array>> & Partial<Record<Encoding, Uint8Array>>
}

/** What is made for an answer. */
export interface Content {
  readonly body: string | Uint8Array
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
}

/** The most of all answers that are kept, in bytes. */
const maxBytes = 64 * 1024 * 1024

/** Shorter bodies are sent as they are. */
const minCompressed = 1_024

/**
 * Answers that were made before: rendered and compressed once, and sent to everybody after that until the page is another.
 */
export const makeVariants = () => {
  const variants = new WeightedCache<Variant>(maxBytes)

  const weigh = (key: string, variant: Variant): void =>
    variants.set(
      key,
      variant,
      Object.values(variant.bytes).reduce((sum, { length }) => sum + length, 1_000),
    )

  const made = Effect.fnUntraced(function* <E>(key: string, make: Effect.Effect<Content, E>) {
    const known = variants.get(key)
    if (known !== undefined) return known
    const { body, headers, type } = yield* make
    const identity = typeof body === "string" ? Buffer.from(body) : body
    const etag = `W/"${createHash("sha256").update(identity).digest("base64url").slice(0, 22)}"`
    const variant: Variant = {
      headers: { "content-type": type, vary: "accept-encoding", ...headers },
      etag,
      bytes: { identity },
    }
    weigh(key, variant)
    return variant
  })

  const encoded = Effect.fnUntraced(function* (key: string, variant: Variant, encoding: Encoding) {
    const known = variant.bytes[encoding]
    if (known !== undefined) return known
    const bytes = yield* compress[encoding](variant.bytes.identity)
    weigh(key, { ...variant, bytes: { ...variant.bytes, [encoding]: bytes } })
    return bytes
  })

  /**
   * The answer to a request: made unless it is kept, in the best encoding that the client takes, or 304 where it has it.
   *
   * @param key what tells the answer from all others
   * @param request the headers of the request
   * @param cacheControl how long others may keep it
   */
  return Effect.fnUntraced(function* <E>(
    key: string,
    request: Readonly<Record<string, string | undefined>>,
    cacheControl: string,
    make: Effect.Effect<Content, E>,
    status = 200,
  ): Effect.fn.Return<HttpServerResponse.HttpServerResponse, E> {
    const variant = yield* made(key, make)
    const headers: Readonly<Record<string, string>> = {
      ...variant.headers,
      etag: variant.etag,
      "cache-control": cacheControl,
    }
    if (status === 200 && hasTag(request["if-none-match"], variant.etag)) {
      return HttpServerResponse.empty({ status: 304, headers })
    }
    const encoding =
      variant.bytes.identity.length < minCompressed || /^image\/(?!svg)/.test(headers["content-type"] ?? "")
        ? null
        : acceptedEncoding(request["accept-encoding"])
    if (encoding === null) return HttpServerResponse.uint8Array(variant.bytes.identity, { status, headers })
    const bytes = yield* encoded(key, variant, encoding)
    return HttpServerResponse.uint8Array(bytes, { status, headers: { ...headers, "content-encoding": encoding } })
  })
}

/** Whether a client has what it asks for already (RFC 9110, 13.1.2; compared weakly). */
const hasTag = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? "")
    .split(",")
    .some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag.replace(/^W\//, ""))

const quality = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
}

const compress: Readonly<Record<Encoding, (bytes: Uint8Array) => Effect.Effect<Uint8Array>>> = {
  br: (bytes) =>
    Effect.async((resume) =>
      brotliCompress(bytes, quality, (error, compressed) =>
        resume(error === null ? Effect.succeed(compressed) : Effect.die(error)),
      ),
    ),
  gzip: (bytes) =>
    Effect.async((resume) =>
      gzip(bytes, { level: 6 }, (error, compressed) =>
        resume(error === null ? Effect.succeed(compressed) : Effect.die(error)),
      ),
    ),
}
