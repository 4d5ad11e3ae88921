import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import { Api } from "@uptime/contract/Api"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { clientAddress, trustedProxies } from "../http/ClientAddress.ts"
import { pingRefused, pingTaken } from "./PingAnswer.ts"
import { PingService } from "./PingService.ts"

type Request = HttpServerRequest.HttpServerRequest

/** The calls of the group `pings`. */
export const pingHandlers = HttpApiBuilder.group(
  Api,
  "pings",
  Effect.fnUntraced(function* (handlers) {
    const pings = yield* PingService
    const isTrusted = trustedProxies((yield* ApiSettings).trustedProxies)

    const answer = ({ url }: Request) => Effect.map((isTaken: boolean) => (isTaken ? pingTaken(url) : pingRefused(url)))
    const push = ({ path, request }: { readonly path: { readonly token: string }; readonly request: Request }) =>
      pings.push(path.token, queryOf(request), clientAddress(request, isTrusted)).pipe(answer(request))
    const ping = (request: Request, pingId: string, segments: ReadonlyArray<string>) =>
      Effect.flatMap(Effect.orDie(request.arrayBuffer), (body) =>
        pings.ping(pingId, segments, new Uint8Array(body), clientAddress(request, isTrusted)),
      ).pipe(answer(request))

    return handlers
      .handleRaw("push", push)
      .handleRaw("pushByPost", push)
      .handleRaw("pushByPut", push)
      .handleRaw("pushByPatch", push)
      .handleRaw("ping", ({ path, request }) => ping(request, path.pingId, []))
      .handleRaw("pingByPost", ({ path, request }) => ping(request, path.pingId, []))
      .handleRaw("pingEvent", ({ path, request }) => ping(request, path.pingId, [path.event]))
      .handleRaw("pingEventByPost", ({ path, request }) => ping(request, path.pingId, [path.event]))
  }),
).pipe(builtWith(PingService, ApiSettings))

const queryOf = ({ url }: Request): URLSearchParams => {
  const query = url.indexOf("?")
  return new URLSearchParams(query < 0 ? "" : url.slice(query))
}
