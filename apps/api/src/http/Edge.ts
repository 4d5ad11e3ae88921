import * as HttpLayerRouter from "@effect/platform/HttpLayerRouter"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import type * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { RouteNotFound } from "@uptime/contract/ApiErrors"
import { Clock, Effect, Option, Schema } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { RecipientPages, recipientPageOf } from "../channels/RecipientPages.ts"
import { isPingPath, pingRefused, pingUrl } from "../heartbeats/PingAnswer.ts"
import { PublicSite } from "../pages/PublicSite.ts"
import { compressed } from "./Compression.ts"
import { makeCors } from "./Cors.ts"
import { errorAnswer } from "./ErrorAnswer.ts"
import { countRequest } from "./HttpMetrics.ts"
import { maxBodyBytesOf, withBody, withPingBody } from "./RequestBody.ts"
import { routingOf } from "./RouteTable.ts"
import { securityHeaders } from "./SecurityHeaders.ts"
import { withHeaders } from "./WithHeaders.ts"

/**
 * What surrounds every request, whatever its route: an id, the reading of its body within a limit, one shape for
 * everything that goes wrong, headers for browsers, permission for other sites' pages, and a count.
 */
export const edgeLayer = HttpLayerRouter.middleware(
  Effect.gen(function* () {
    const settings = yield* ApiSettings
    const cors = makeCors(settings.corsOrigins)
    const securityOf = securityHeaders(settings)
    const pages = yield* PublicSite
    const recipients = yield* RecipientPages

    return Effect.fnUntraced(function* (
      httpApp: Effect.Effect<HttpServerResponse.HttpServerResponse, HttpLayerRouter.unhandled>,
    ): Effect.fn.Return<
      HttpServerResponse.HttpServerResponse,
      HttpLayerRouter.unhandled,
      HttpServerRequest.HttpServerRequest
    > {
      const received = yield* HttpServerRequest.HttpServerRequest
      const requestId = yield* Effect.sync(() => crypto.randomUUID())
      const began = yield* Clock.currentTimeMillis
      const url = pingUrl(received.url)
      const request = url === received.url ? received : received.modify({ url })
      const path = pathOf(url)
      // What everybody reads, by the thousand, goes through none of what the calls of the API need.
      const recipientPage = recipientPageOf(path)
      const page = pages.answer(request, path)
      const site =
        recipientPage === null
          ? page
          : Effect.flatMap(page, (shown) =>
              Option.isSome(shown) ? Effect.succeed(shown) : Effect.asSome(recipients.answer(request, recipientPage)),
            )
      const shown = yield* Effect.catchAllCause(site, (cause) =>
        Effect.flatMap(
          errorAnswer(cause, request, requestId),
          Option.match({ onSome: Effect.succeedSome, onNone: () => Effect.interrupt }),
        ),
      )
      if (Option.isSome(shown)) {
        countRequest(
          request.method,
          recipientPage?.path ?? pageRoute,
          shown.value.status,
          (yield* Clock.currentTimeMillis) - began,
        )
        return shown.value
      }
      // What jobs call takes any body, and nothing of a person's session has to do with it.
      const isPing = isPingPath(path)
      const { isMiswritten, route } = routingOf(request.method, url)

      const handled = Option.match(isPing ? Option.none() : cors.preflight(request), {
        onSome: (response) => Effect.succeed(response),
        onNone: () =>
          (isPing ? withPingBody(request) : withBody(request, maxBodyBytesOf(path))).pipe(
            Effect.tap(() => (isMiswritten ? RouteNotFound.create() : Effect.void)),
            Effect.flatMap((read) =>
              read === request ? httpApp : Effect.provideService(httpApp, HttpServerRequest.HttpServerRequest, read),
            ),
          ),
      })
      const answered = yield* Effect.catchAllCause(handled, (cause) =>
        Effect.flatMap(
          errorAnswer(cause, request, requestId),
          Option.match({ onSome: Effect.succeed, onNone: () => Effect.interrupt }),
        ),
      )
      // An address that is too long or ill-formed for any route is answered as one that nothing has.
      const response = isPing && answered.status === 404 ? pingRefused(path) : answered

      countRequest(request.method, route, response.status, (yield* Clock.currentTimeMillis) - began)
      const decided: Record<string, string> = { "x-request-id": requestId }
      const retryAfter = retryAfterOf(response)
      if (retryAfter !== null) decided["retry-after"] = retryAfter
      if (!isPing) Object.assign(decided, cors.permission(request))
      const answer = withHeaders(response, securityOf(path), decided)
      // A session's token must not be guessed from how well what surrounds it compresses (BREACH).
      return yield* path.startsWith("/api/auth/") ? Effect.succeed(answer) : compressed(request, answer)
    })
  }),
  { global: true },
)

/** What all parts of status pages are counted as. */
const pageRoute = "/status/:slug"

const pathOf = (url: string): string => url.split(/[?#]/, 1)[0] ?? ""

/** What a body says of when to come back, in seconds, for its header to say too; null where it says nothing of that. */
const retryAfterOf = ({ body, status }: HttpServerResponse.HttpServerResponse): string | null => {
  if ((status !== 429 && status !== 503) || body._tag !== "Uint8Array") return null
  return Option.match(decodeRetryAfter(new TextDecoder().decode(body.body)), {
    onNone: () => null,
    onSome: ({ retryAfterSeconds }) => String(retryAfterSeconds),
  })
}

const decodeRetryAfter = Schema.decodeUnknownOption(Schema.parseJson(Schema.Struct({ retryAfterSeconds: Schema.Int })))
