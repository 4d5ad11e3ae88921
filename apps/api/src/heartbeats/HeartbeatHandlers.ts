import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import { Api } from "@uptime/contract/Api"
import { Authentication } from "@uptime/contract/Authentication"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { forUser } from "../auth/ForUser.ts"
import { trustedProxies } from "../http/ClientAddress.ts"
import { publicOrigin } from "../http/PublicOrigin.ts"
import { HeartbeatService } from "./HeartbeatService.ts"

/** The calls of the group `heartbeats`. */
export const heartbeatHandlers = HttpApiBuilder.group(
  Api,
  "heartbeats",
  Effect.fnUntraced(function* (handlers) {
    const heartbeats = yield* HeartbeatService
    const settings = yield* ApiSettings
    const isTrusted = trustedProxies(settings.trustedProxies)
    const origin = (request: HttpServerRequest.HttpServerRequest) => publicOrigin(settings, request, isTrusted)
    return handlers
      .handle("get", ({ path, request }) => forUser(({ id }) => heartbeats.get(id, path.id, origin(request))))
      .handle("setAddresses", ({ path, payload, request }) =>
        forUser(({ id }) => heartbeats.setAddresses(id, path.id, payload, origin(request))),
      )
      .handle("rotate", ({ path, request }) => forUser(({ id }) => heartbeats.rotate(id, path.id, origin(request))))
  }),
).pipe(builtWith(HeartbeatService, ApiSettings, Authentication))
