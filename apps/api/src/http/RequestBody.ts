import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { PayloadTooLarge, UnsupportedMediaType, ValidationFailed } from "@uptime/contract/ApiErrors"
import { Effect } from "effect"
import { reservedField, reservedParameter } from "./ReservedNames.ts"

/** The longest body of a call, in bytes; that of a bulk call holds up to 1,000 monitors. */
export const maxBodyBytes = 64 * 1024
export const maxBulkBodyBytes = 1024 * 1024

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
export const withBody = (
  request: HttpServerRequest.HttpServerRequest,
  limit: number,
): Effect.Effect<HttpServerRequest.HttpServerRequest, BodyError> =>
  Effect.gen(function* () {
    const parameter = reservedParameter(request.url)
    if (parameter !== undefined) return yield* unknownField(parameter)
    if (!hasBody(request)) return request
    const text = yield* read(request, limit)
    if (text === "") return withParsed(request, "", null)
    // Without a content type a body is taken for what it should be: command lines forget it.
    const contentType = request.headers["content-type"]
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
  Object.create(request, { text: { value: Effect.succeed(text) }, json: { value: Effect.succeed(json) } })

const read = (request: HttpServerRequest.HttpServerRequest, limit: number): Effect.Effect<string, BodyError> =>
  Effect.async((resume) => {
    const source = NodeHttpServerRequest.toIncomingMessage(request)
    const chunks: Array<Buffer> = []
    let size = 0
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else chunks.length = 0
      if (size > maxDiscardBytes) settle(PayloadTooLarge.of(limit))
    }
    const onEnd = (): void =>
      settle(size > limit ? PayloadTooLarge.of(limit) : Effect.succeed(Buffer.concat(chunks).toString("utf8")))
    const onClose = (): void => settle(invalid("ended before its body did"))
    const forget = (): void => {
      source.off("data", onData).off("end", onEnd).off("error", onClose).off("close", onClose)
    }
    const settle = (outcome: Effect.Effect<string, BodyError>): void => {
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
