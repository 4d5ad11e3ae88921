import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import { Api } from "@uptime/contract/Api"
import { Authentication } from "@uptime/contract/Authentication"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { forUser } from "../auth/ForUser.ts"
import { ChannelService } from "./ChannelService.ts"

/** The calls of the group `channels`. */
export const channelHandlers = HttpApiBuilder.group(
  Api,
  "channels",
  Effect.fnUntraced(function* (handlers) {
    const channels = yield* ChannelService
    return handlers
      .handle("create", ({ payload }) => forUser(({ id }) => channels.create(id, payload)))
      .handle("list", ({ urlParams }) => forUser(({ id }) => channels.list(id, urlParams)))
      .handle("latestDeliveries", () => forUser(({ id }) => channels.latestDeliveries(id)))
      .handle("get", ({ path }) => forUser(({ id }) => channels.get(id, path.id)))
      .handle("edit", ({ path, payload }) => forUser(({ id }) => channels.edit(id, path.id, payload)))
      .handle("remove", ({ path }) => forUser(({ id }) => channels.remove(id, path.id)))
      .handle("test", ({ path }) => forUser(({ id }) => channels.test(id, path.id)))
      .handle("askRecipient", ({ path, payload }) => forUser(({ id }) => channels.askRecipient(id, path.id, payload)))
      .handle("deliveries", ({ path, urlParams }) => forUser(({ id }) => channels.deliveries(id, path.id, urlParams)))
  }),
).pipe(builtWith(ChannelService, Authentication))
