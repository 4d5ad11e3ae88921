import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { Api } from "@uptime/contract/Api"
import { Authentication, CurrentUser } from "@uptime/contract/Authentication"
import { ResultCursor } from "@uptime/contract/Cursor"
import { defaultCleanupDays, defaultDays } from "@uptime/contract/ResultsApi"
import type { UserId } from "@uptime/domain/Ids"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { pageJson } from "../http/PageJson.ts"
import { ResultService } from "./ResultService.ts"

const resultPage = pageJson(ResultCursor)

/** The calls of the group `results`. */
export const resultHandlers = HttpApiBuilder.group(
  Api,
  "results",
  Effect.fnUntraced(function* (handlers) {
    const results = yield* ResultService
    const forUser = <A, E>(call: (userId: UserId) => Effect.Effect<A, E>) =>
      Effect.flatMap(CurrentUser, ({ user }) => call(user.id))

    return handlers
      .handleRaw("list", ({ path, urlParams }) =>
        forUser((userId) => Effect.map(results.list(userId, path.monitorId, urlParams), resultPage)),
      )
      .handle("latest", ({ path }) => forUser((userId) => results.latest(userId, path.monitorId)))
      .handleRaw("stats", ({ path, urlParams }) =>
        forUser((userId) =>
          Effect.map(results.stats(userId, path.monitorId, urlParams.window ?? "24h"), (stats) =>
            // As with pages: the walk through the schema takes longer than the database for what is in it.
            HttpServerResponse.unsafeJson(stats),
          ),
        ),
      )
      .handle("series", ({ path, urlParams }) => forUser((userId) => results.series(userId, path.monitorId, urlParams)))
      .handle("days", ({ path, urlParams }) =>
        forUser((userId) => results.days(userId, path.monitorId, urlParams.days ?? defaultDays)).pipe(
          Effect.map((items) => ({ items })),
        ),
      )
      .handle("cleanup", ({ path, urlParams }) =>
        forUser((userId) => results.cleanup(userId, path.monitorId, urlParams.days ?? defaultCleanupDays)).pipe(
          Effect.map((deleted) => ({ deleted })),
        ),
      )
  }),
).pipe(builtWith(ResultService, Authentication))
