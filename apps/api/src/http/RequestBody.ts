import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { PayloadTooLarge, UnsupportedMediaType, ValidationFailed } from "@uptime/contract/ApiErrors"
import { maxPingBodyBytes } from "@uptime/contract/PingsApi"
import { Data, Effect } from "effect"
import { reservedField, reservedParameter } from "./ReservedNames.ts"

/**
 * The longest body of a call, in bytes: that of a bulk call holds up to 1,000 monitors, and that of a status page's call a
 * logo of 200 KB in base64, or a style sheet and the names of 500 monitors.
 */
export const maxBodyBytesOf = (path: string): number => {
  if (path === "/api/monitor/bulk") return 1024 * 1024
  return /^\/api\/status-pages(\/|$)/.test(path) ? 384 * 1024 : 64 * 1024
}

/** What of a body that is too long is read and thrown away, so that its sender gets to read the answer, in bytes. */
const maxDiscardBytes = 8 * 1024 * 1024

/** How deep JSON may be nested, and how many values it may hold: what is looked at must be looked at quickly. */
const maxDepth = 16
const maxValues = 50_000

/** Why a body is not taken. */
export type BodyError = PayloadTooLarge | UnsupportedMediaType | ValidationFailed

/** Whether a content type says that the body is JSON, in UTF-8 as JSON always is (RFC 8259, 8.1). */
export const isJson = (contentType: string | undefined): boolean =>
  contentType !== undefined && /^application\/json\s*(;|$)/i.test(contentType.trim())

/**
 * The request with its body read, within the limit, and parsed, and without reserved names in body or query: whatever reads `text` or `json` of it gets it from memory.
 * The platform's own limit would break the connection instead of answering, and it takes forms and files as well.
 *
 * @param limit the most bytes that are taken
 */
export const withBody: (
  request: HttpServerRequest.HttpServerRequest,
  limit: number,
) => Effect.Effect<HttpServerRequest.HttpServerRequest, BodyError> = Effect.fnUntraced(function* (request, limit) {
  const parameter = reservedParameter(request.url)
  if (parameter !== undefined) return yield* unknownField(parameter)
  const contentType = request.headers["content-type"]
  if (!hasBody(request)) {
    // The platform would look for parts, and wait for the first of them for ever.
    return isMultipart(contentType) ? yield* UnsupportedMediaType.create() : request
  }
  const text = yield* read(request, limit)
  if (text === "") return withParsed(request, "", null)
  // Without a content type a body is taken for what it should be: command lines forget it.
  if (contentType !== undefined && !isJson(contentType)) return yield* UnsupportedMediaType.create()
  const json = yield* Effect.try({ try: (): unknown => JSON.parse(text), catch: () => invalid("is not valid JSON") })
  const objects = objectsIn(json)
  if (objects === null) return yield* invalid("is nested too deep or holds too many values")
  for (const object of objects) {
    const name = reservedField(object)
    if (name !== undefined) return yield* unknownField(name)
  }
  return withParsed(request, text, json)
})

const isMultipart = (contentType: string | undefined): boolean =>
  (contentType ?? "").toLowerCase().includes("multipart/")

const hasBody = (request: HttpServerRequest.HttpServerRequest): boolean =>
  request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0

const invalid = (message: string): ValidationFailed => ValidationFailed.of([{ path: [], message }])

const unknownField = (name: string): ValidationFailed =>
  ValidationFailed.of([{ path: [name], message: "is not a field that this call knows" }])

const withParsed = (
  request: HttpServerRequest.HttpServerRequest,
  text: string,
  json: unknown,
): HttpServerRequest.HttpServerRequest =>
  Object.defineProperties(request.modify({}), {
    text: { value: Effect.succeed(text) },
    json: { value: Effect.succeed(json) },
  })

/** The longest body of a form, in bytes. */
const maxFormBytes = 8 * 1024

/** A form is not one, or is too long. */
export class FormRefused extends Data.TaggedError("FormRefused")<{ readonly status: number }> {}

/** The fields of a form that a page sends (`application/x-www-form-urlencoded`), at most 8 KB. */
export const readForm = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<URLSearchParams, FormRefused> => {
  if (!hasBody(request)) return Effect.succeed(new URLSearchParams())
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
    return new FormRefused({ status: 415 })
  }
  return read(request, maxFormBytes).pipe(
    Effect.mapBoth({
      onFailure: ({ _tag }) => new FormRefused({ status: _tag === "PayloadTooLarge" ? 413 : 400 }),
      onSuccess: (text) => new URLSearchParams(text),
    }),
  )
}

/** The request with the end of its body in memory, whatever it is, for `arrayBuffer` to answer with: what a job logs. */
export const withPingBody = (
  request: HttpServerRequest.HttpServerRequest,
): Effect.Effect<HttpServerRequest.HttpServerRequest, BodyError> =>
  Effect.map(hasBody(request) ? readEnd(request, maxPingBodyBytes) : Effect.succeed(new ArrayBuffer(0)), (bytes) =>
    Object.defineProperty(request.modify({}), "arrayBuffer", { value: Effect.succeed(bytes) }),
  )

const readEnd = (request: HttpServerRequest.HttpServerRequest, limit: number): Effect.Effect<ArrayBuffer, BodyError> =>
  Effect.suspend(() => {
    const chunks: Array<Buffer> = []
    let kept = 0
    const onChunk = (chunk: Buffer): void => {
      chunks.push(chunk)
      kept += chunk.length
      while (kept - (chunks[0]?.length ?? 0) >= limit) kept -= chunks.shift()?.length ?? 0
    }
    return Effect.map(
      consume(request, maxDiscardBytes, onChunk),
      () => new Uint8Array(Buffer.concat(chunks).subarray(-limit)).buffer,
    )
  })

const read = (request: HttpServerRequest.HttpServerRequest, limit: number): Effect.Effect<string, BodyError> =>
  Effect.suspend(() => {
    const chunks: Array<Buffer> = []
    const onChunk = (chunk: Buffer, size: number): void => {
      if (size <= limit) chunks.push(chunk)
      else chunks.length = 0
    }
    return Effect.flatMap(consume(request, limit, onChunk), (size) =>
      size > limit ? PayloadTooLarge.of(limit) : Effect.succeed(Buffer.concat(chunks).toString("utf8")),
    )
  })

/**
 * Reads a body to its end, but not beyond `maxDiscardBytes`; how many bytes it had.
 *
 * @param limit the most bytes that are taken, for the message
 * @param onChunk gets each piece, and how many bytes there were with it
 */
const consume = (
  request: HttpServerRequest.HttpServerRequest,
  limit: number,
  onChunk: (chunk: Buffer, size: number) => void,
): Effect.Effect<number, BodyError> =>
  Effect.async((resume) => {
    const source = NodeHttpServerRequest.toIncomingMessage(request)
    let size = 0
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      onChunk(chunk, size)
      if (size > maxDiscardBytes) settle(PayloadTooLarge.of(limit))
    }
    const onEnd = (): void => settle(Effect.succeed(size))
    const onClose = (): void => settle(invalid("ended before its body did"))
    const forget = (): void => {
      source.off("data", onData).off("end", onEnd).off("error", onClose).off("close", onClose)
    }
    const settle = (outcome: Effect.Effect<number, BodyError>): void => {
      forget()
      resume(outcome)
    }
    if (Number(request.headers["content-length"] ?? 0) > maxDiscardBytes) return settle(PayloadTooLarge.of(limit))
    source.on("data", onData).on("end", onEnd).on("error", onClose).on("close", onClose)
    return Effect.sync(forget)
  })

/**
 * Every object and list in a value; null when it is nested too deep or holds too much. Walked without recursion: what is
 * refused for its depth must not exhaust the stack first.
 */
const objectsIn = (json: unknown): ReadonlyArray<object> | null => {
  const objects: Array<object> = []
  let level: ReadonlyArray<unknown> = [json]
  let values = 0
  for (let depth = 0; level.length > 0; depth++) {
    values += level.length
    if (depth > maxDepth || values > maxValues) return null
    const next: Array<unknown> = []
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue
      objects.push(value)
      for (const child of Object.values(value)) next.push(child)
    }
    level = next
  }
  return objects
}
