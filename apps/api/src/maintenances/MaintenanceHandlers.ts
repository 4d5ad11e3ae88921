import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import { Api } from "@uptime/contract/Api"
import { Authentication } from "@uptime/contract/Authentication"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { forUser } from "../auth/ForUser.ts"
import { MaintenanceService } from "./MaintenanceService.ts"

/** The calls of the group `maintenances`. */
export const maintenanceHandlers = HttpApiBuilder.group(
  Api,
  "maintenances",
  Effect.fnUntraced(function* (handlers) {
    const maintenances = yield* MaintenanceService
    return handlers
      .handle("create", ({ payload }) => forUser(({ id }) => maintenances.create(id, payload)))
      .handle("list", ({ urlParams }) => forUser(({ id }) => maintenances.list(id, urlParams)))
      .handle("get", ({ path }) => forUser(({ id }) => maintenances.get(id, path.id)))
      .handle("edit", ({ path, payload }) => forUser(({ id }) => maintenances.edit(id, path.id, payload)))
      .handle("remove", ({ path }) => forUser(({ id }) => maintenances.remove(id, path.id)))
      .handle("end", ({ path }) => forUser(({ id }) => maintenances.end(id, path.id)))
      .handle("windows", ({ path, urlParams }) => forUser(({ id }) => maintenances.windows(id, path.id, urlParams)))
  }),
).pipe(builtWith(MaintenanceService, Authentication))
