import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import { Api } from "@uptime/contract/Api"
import { Authentication } from "@uptime/contract/Authentication"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { forUser } from "../auth/ForUser.ts"
import { LabelService } from "./LabelService.ts"

/** The calls of the group `labels`. */
export const labelHandlers = HttpApiBuilder.group(
  Api,
  "labels",
  Effect.fnUntraced(function* (handlers) {
    const labels = yield* LabelService
    return handlers
      .handle("renameTag", ({ payload }) => forUser(({ id }) => labels.rename(id, "tag", payload)))
      .handle("renameGroup", ({ payload }) => forUser(({ id }) => labels.rename(id, "group", payload)))
  }),
).pipe(builtWith(LabelService, Authentication))
