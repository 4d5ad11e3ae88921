import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import { Api } from "@uptime/contract/Api"
import { Authentication } from "@uptime/contract/Authentication"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { forUser } from "../auth/ForUser.ts"
import { ReportService } from "./ReportService.ts"

/** The calls of the group `reports`. */
export const reportHandlers = HttpApiBuilder.group(
  Api,
  "reports",
  Effect.fnUntraced(function* (handlers) {
    const reports = yield* ReportService
    return handlers
      .handle("uptime", ({ urlParams }) => forUser(({ id }) => reports.uptime(id, urlParams)))
      .handle("outages", ({ urlParams }) => forUser(({ id }) => reports.outages(id, urlParams)))
      .handle("tags", () => forUser(({ id }) => reports.tags(id)))
      .handle("groups", () => forUser(({ id }) => reports.groups(id)))
  }),
).pipe(builtWith(ReportService, Authentication))
