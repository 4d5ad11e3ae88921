import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, constants as zlib } from "node:zlib"
import { Effect } from "effect"
import { type HttpAnswer, headerOf } from "./HttpAnswer.ts"
import { KeptBytes } from "./KeptBytes.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"

const malformedEncoding = failure("body", "the answer's body does not decode by its own content encoding")
const unknownEncoding = failure(
  "body",
  "the answer's body has a content encoding that was not asked for and cannot be read",
)

/**
 * The text of an answer's body, as far as it was kept: by the charset that the answer names, UTF-8 otherwise. No encoding
 * is ever asked for; a body that is compressed all the same (gzip, deflate, br) is decoded, up to `limit` bytes and no
 * further. A body that is cut in the middle gives what came.
 *
 * @param limit the most bytes of decoded text
 */
export const bodyText = (answer: HttpAnswer, limit: number): Effect.Effect<string, ProbeFailure> => {
  const { body } = answer
  if (body === null) return Effect.succeed("")
  const charset = /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(headerOf(answer, "content-type") ?? "")?.[1] ?? "utf-8"
  const encoding = (headerOf(answer, "content-encoding") ?? "identity").trim().toLowerCase()
  if (encoding === "identity" || encoding === "" || body.length === 0) {
    return Effect.sync(() => textOf(body.subarray(0, limit), charset))
  }
  return Effect.map(decoded(body, encoding, limit), (bytes) => textOf(bytes, charset))
}

/** A character that is cut off at the end is left out. */
const textOf = (bytes: Uint8Array, charset: string): string => {
  try {
    return new TextDecoder(charset).decode(bytes, { stream: true })
  } catch {
    return new TextDecoder().decode(bytes, { stream: true })
  }
}

/** Input that ends early is no error: it was cut where enough had been read. */
const lenient = { finishFlush: zlib.Z_SYNC_FLUSH }

const decoderOf = (body: Buffer, encoding: string) => {
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return createGunzip(lenient)
    case "deflate":
      // The zlib format by RFC 9110, section 8.4.1.2, and without its wrapping by some servers; its first byte tells.
      return ((body[0] ?? 0) & 0x0f) === 8 ? createInflate(lenient) : createInflateRaw(lenient)
    case "br":
      return createBrotliDecompress({ finishFlush: zlib.BROTLI_OPERATION_FLUSH })
    default:
      return null
  }
}

const decoded = (body: Buffer, encoding: string, limit: number): Effect.Effect<Uint8Array, ProbeFailure> =>
  Effect.async((resume) => {
    const decoder = decoderOf(body, encoding)
    if (decoder === null) return resume(Effect.fail(unknownEncoding))
    const kept = new KeptBytes(limit)
    const end = () => {
      decoder.destroy()
      resume(Effect.succeed(kept.bytes))
    }
    decoder.on("data", (bytes: Buffer) => {
      kept.add(bytes)
      if (kept.isFull) end()
    })
    decoder.on("end", end)
    decoder.on("error", () => resume(Effect.fail(malformedEncoding)))
    decoder.end(body)
    return Effect.sync(() => decoder.destroy())
  })
