import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import { Api } from "@uptime/contract/Api"
import { Authentication } from "@uptime/contract/Authentication"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { forUser } from "../auth/ForUser.ts"
import { EscalationService } from "./EscalationService.ts"

/** The calls of the group `escalations`. */
export const escalationHandlers = HttpApiBuilder.group(
  Api,
  "escalations",
  Effect.fnUntraced(function* (handlers) {
    const escalations = yield* EscalationService
    return handlers
      .handle("create", ({ payload }) => forUser(({ id }) => escalations.create(id, payload)))
      .handle("list", ({ urlParams }) => forUser(({ id }) => escalations.list(id, urlParams)))
      .handle("get", ({ path }) => forUser(({ id }) => escalations.get(id, path.id)))
      .handle("edit", ({ path, payload }) => forUser(({ id }) => escalations.edit(id, path.id, payload)))
      .handle("remove", ({ path }) => forUser(({ id }) => escalations.remove(id, path.id)))
  }),
).pipe(builtWith(EscalationService, Authentication))
