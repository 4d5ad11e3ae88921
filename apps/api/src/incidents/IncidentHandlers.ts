import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import { Api } from "@uptime/contract/Api"
import { Authentication } from "@uptime/contract/Authentication"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { forUser } from "../auth/ForUser.ts"
import { IncidentService } from "./IncidentService.ts"

/** The calls of the group `incidents`. */
export const incidentHandlers = HttpApiBuilder.group(
  Api,
  "incidents",
  Effect.fnUntraced(function* (handlers) {
    const incidents = yield* IncidentService
    return handlers
      .handle("list", ({ urlParams }) => forUser(({ id }) => incidents.list(id, urlParams)))
      .handle("get", ({ path }) => forUser((user) => incidents.get(user, path.id)))
      .handle("edit", ({ path, payload }) => forUser((user) => incidents.edit(user, path.id, payload)))
      .handle("acknowledge", ({ path }) => forUser((user) => incidents.acknowledge(user, path.id)))
      .handle("comment", ({ path, payload }) => forUser((user) => incidents.comment(user, path.id, payload)))
      .handle("resolve", ({ path, payload }) => forUser((user) => incidents.resolve(user, path.id, payload)))
      .handle("postmortem", ({ path, payload }) => forUser((user) => incidents.postmortem(user, path.id, payload.body)))
  }),
).pipe(builtWith(IncidentService, Authentication))
