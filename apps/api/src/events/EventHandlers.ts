import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { Api } from "@uptime/contract/Api"
import { Authentication, CurrentUser, cookieName } from "@uptime/contract/Authentication"
import { eventHeartbeatSeconds } from "@uptime/contract/EventsApi"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Draining } from "@uptime/runtime/Draining"
import { Duration, Effect, Schedule, Stream } from "effect"
import { Accounts } from "../auth/Accounts.ts"
import { firstFrame, heartbeatFrame } from "./EventFrame.ts"
import { LiveEvents } from "./LiveEvents.ts"

/** The calls of the group `events`. */
export const eventHandlers = HttpApiBuilder.group(
  Api,
  "events",
  Effect.fnUntraced(function* (handlers) {
    const live = yield* LiveEvents
    const accounts = yield* Accounts
    const draining = yield* Draining

    /** Ends when the session does: a token that is ended, or a person who is gone, is told nothing more. */
    const heartbeats = (token: string) =>
      Stream.fromSchedule(Schedule.spaced(Duration.seconds(eventHeartbeatSeconds))).pipe(
        Stream.mapEffect(() =>
          accounts.authenticate(token).pipe(
            Effect.as(true),
            // A database that is away ends no session.
            Effect.catchTags({
              Unauthorized: () => Effect.succeed(false),
              ServiceUnavailable: () => Effect.succeed(true),
            }),
          ),
        ),
        Stream.takeWhile((isLoggedIn) => isLoggedIn),
        Stream.map(() => heartbeatFrame),
      )

    return handlers.handleRaw(
      "stream",
      Effect.fnUntraced(function* ({ request, urlParams }) {
        const { user } = yield* CurrentUser
        const events = yield* live.open(user.id, request.headers["last-event-id"] ?? urlParams.lastEventId)
        const body = Stream.make(firstFrame).pipe(
          Stream.concat(Stream.merge(events, heartbeats(tokenOf(request)), { haltStrategy: "either" })),
          // A process that stops waits for no stream.
          Stream.interruptWhen(draining.whenDraining),
          Stream.encodeText,
        )
        return HttpServerResponse.stream(body, {
          contentType: "text/event-stream",
          headers: { "cache-control": "no-cache, no-transform", "x-accel-buffering": "no" },
        })
      }),
    )
  }),
).pipe(builtWith(LiveEvents, Accounts, Draining, Authentication))

/** The token that the request came with, as `authenticationLayer` takes it. */
const tokenOf = (request: HttpServerRequest.HttpServerRequest): string =>
  /^Bearer ([^\s]+)$/i.exec(request.headers["authorization"] ?? "")?.[1] ?? request.cookies[cookieName] ?? ""
