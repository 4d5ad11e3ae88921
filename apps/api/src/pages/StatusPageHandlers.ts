import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import { Api } from "@uptime/contract/Api"
import { Authentication } from "@uptime/contract/Authentication"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { forUser } from "../auth/ForUser.ts"
import { PageSubscriberService } from "./PageSubscriberService.ts"
import { StatusPageService } from "./StatusPageService.ts"

/** The calls of the group `statusPages`. */
export const statusPageHandlers = HttpApiBuilder.group(
  Api,
  "statusPages",
  Effect.fnUntraced(function* (handlers) {
    const pages = yield* StatusPageService
    const subscribers = yield* PageSubscriberService
    return handlers
      .handle("create", ({ payload }) => forUser(({ id }) => pages.create(id, payload)))
      .handle("list", ({ urlParams }) => forUser(({ id }) => pages.list(id, urlParams)))
      .handle("get", ({ path }) => forUser(({ id }) => pages.get(id, path.id)))
      .handle("edit", ({ path, payload }) => forUser(({ id }) => pages.edit(id, path.id, payload)))
      .handle("remove", ({ path }) => forUser(({ id }) => pages.remove(id, path.id)))
      .handle("setLogo", ({ path, payload }) => forUser(({ id }) => pages.setLogo(id, path.id, payload)))
      .handle("removeLogo", ({ path }) => forUser(({ id }) => pages.removeLogo(id, path.id)))
      .handle("checkDomain", ({ path }) => forUser(({ id }) => pages.checkDomain(id, path.id)))
      .handle("subscribers", ({ path, urlParams }) => forUser(({ id }) => subscribers.list(id, path.id, urlParams)))
      .handle("removeSubscriber", ({ path }) => forUser(({ id }) => subscribers.remove(id, path.id, path.subscriberId)))
  }),
).pipe(builtWith(StatusPageService, PageSubscriberService, Authentication))
