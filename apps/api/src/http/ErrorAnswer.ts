import { HttpApiDecodeError } from "@effect/platform/HttpApiError"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as HttpServerError from "@effect/platform/HttpServerError"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import {
  InternalError,
  MethodNotAllowed,
  PayloadTooLarge,
  RouteNotFound,
  UnsupportedMediaType,
  ValidationFailed,
} from "@uptime/contract/ApiErrors"
import { Cause, Chunk, Effect, Option, Schema } from "effect"
import { allowedMethods } from "./RouteTable.ts"

/** What is answered outside of any call's handler. */
const classes = [
  ValidationFailed,
  RouteNotFound,
  MethodNotAllowed,
  PayloadTooLarge,
  UnsupportedMediaType,
  InternalError,
] as const
const AnsweredError = Schema.Union(...classes)
type AnsweredError = typeof AnsweredError.Type

const isAnswered = Schema.is(AnsweredError)
const encode = Schema.encodeSync(AnsweredError)
const statuses: ReadonlyMap<string, number> = new Map(
  classes.map((error) => [error._tag, HttpApiSchema.getStatusErrorAST(error.ast)]),
)

/**
 * The answer to a request that no handler answered: its errors in the one shape. Whatever else went wrong is a fault of
 * ours; it is logged under the request's id, and the answer tells nothing but that id.
 *
 * @returns none when the request was only interrupted: its sender is gone, or the server stops
 */
export const errorAnswer = (
  cause: Cause.Cause<unknown>,
  request: HttpServerRequest.HttpServerRequest,
  requestId: string,
): Effect.Effect<Option.Option<HttpServerResponse.HttpServerResponse>> => {
  if (Cause.isInterruptedOnly(cause)) return Effect.succeedNone
  const known = Chunk.findFirst(Chunk.appendAll(Cause.failures(cause), Cause.defects(cause)), (error) =>
    Option.isSome(toAnswered(error, request)),
  ).pipe(Option.flatMap((error) => toAnswered(error, request)))
  if (Option.isSome(known)) return Effect.succeedSome(answer(known.value))
  return Effect.logError("a request failed by a fault of ours", cause).pipe(
    Effect.annotateLogs({ requestId, method: request.method }),
    Effect.as(Option.some(answer(InternalError.of(requestId)))),
  )
}

const toAnswered = (error: unknown, request: HttpServerRequest.HttpServerRequest): Option.Option<AnsweredError> => {
  if (isAnswered(error)) return Option.some(error)
  if (error instanceof HttpApiDecodeError) return Option.some(ValidationFailed.fromDecodeError(error))
  if (!HttpServerError.isServerError(error)) return Option.none()
  if (error._tag === "RouteNotFound") {
    const allowed = allowedMethods(request.url)
    return Option.some(allowed.length === 0 ? RouteNotFound.create() : MethodNotAllowed.of(allowed))
  }
  return error._tag === "RequestError"
    ? Option.some(ValidationFailed.of([{ path: [], message: "cannot be read" }]))
    : Option.none()
}

const answer = (error: AnsweredError): HttpServerResponse.HttpServerResponse => {
  const response = HttpServerResponse.unsafeJson(encode(error), { status: statuses.get(error._tag) ?? 500 })
  switch (error._tag) {
    case "MethodNotAllowed":
      return HttpServerResponse.setHeader(response, "allow", error.allowed.join(", "))
    // What is left of the body would be read as the next request.
    case "PayloadTooLarge":
      return HttpServerResponse.setHeader(response, "connection", "close")
    default:
      return response
  }
}
