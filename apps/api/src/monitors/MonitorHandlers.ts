import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { Api } from "@uptime/contract/Api"
import { Authentication, CurrentUser } from "@uptime/contract/Authentication"
import type { UserId } from "@uptime/domain/Ids"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { ResultService } from "../results/ResultService.ts"
import { BulkService } from "./BulkService.ts"
import { MonitorService } from "./MonitorService.ts"

/** The calls of the group `monitors`. */
export const monitorHandlers = HttpApiBuilder.group(
  Api,
  "monitors",
  Effect.fnUntraced(function* (handlers) {
    const monitors = yield* MonitorService
    const results = yield* ResultService
    const bulk = yield* BulkService
    const forUser = <A, E>(call: (userId: UserId) => Effect.Effect<A, E>) =>
      Effect.flatMap(CurrentUser, ({ user }) => call(user.id))

    return handlers
      .handle("create", ({ payload }) => forUser((userId) => monitors.create(userId, payload)))
      .handleRaw("list", ({ urlParams }) =>
        forUser((userId) =>
          Effect.map(monitors.list(userId, urlParams), (page) =>
            HttpServerResponse.uint8Array(page, { contentType: "application/json" }),
          ),
        ),
      )
      .handleRaw("summaries", () =>
        forUser((userId) =>
          Effect.map(monitors.summaries(userId), (items) =>
            HttpServerResponse.text(`{"items":${items}}`, { contentType: "application/json" }),
          ),
        ),
      )
      .handle("recent", ({ urlParams }) =>
        forUser((userId) => Effect.map(results.recent(userId, urlParams.ids), (items) => ({ items }))),
      )
      .handle("bulk", ({ payload }) => forUser((userId) => bulk.apply(userId, payload)))
      .handle("get", ({ path }) => forUser((userId) => monitors.get(userId, path.id)))
      .handle("edit", ({ path, payload }) => forUser((userId) => monitors.edit(userId, path.id, payload)))
      .handle("remove", ({ path }) => forUser((userId) => monitors.remove(userId, path.id)))
  }),
).pipe(builtWith(MonitorService, ResultService, BulkService, Authentication))
