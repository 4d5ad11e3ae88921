import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform"
import { Heartbeat, PushToken } from "@uptime/domain/Heartbeat"
import { MonitorId } from "@uptime/domain/Ids"
import { Schema } from "effect"
import { HeartbeatAddressTaken, NotFound, PayloadTooLarge, TooManyRequests, UnsupportedMediaType } from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { NoQuery, optional, StrictStruct } from "./StrictStruct.ts"

/**
 * A heartbeat with the addresses that its job calls: `pushUrl` as Uptime Kuma has them, `pingUrl` as Healthchecks has them;
 * whoever knows one can ping.
 */
export const HeartbeatView = Schema.Struct({
  ...Heartbeat.fields,
  pushUrl: Schema.String,
  pingUrl: Schema.String,
}).annotations({ identifier: "HeartbeatView" })
export type HeartbeatView = typeof HeartbeatView.Type

/** What a job calls already, and shall go on calling under this host: what is left out stays as it is. */
export const HeartbeatAddressesEdit = StrictStruct({
  token: optional(PushToken),
  pingId: optional(Schema.UUID.annotations({ message: () => "must be a UUID" })),
}).annotations({ identifier: "HeartbeatAddressesEdit" })

const MonitorPath = Schema.Struct({ id: MonitorId })

/** Monitors that check nothing and are told. */
export class HeartbeatsApi extends HttpApiGroup.make("heartbeats")
  .add(
    HttpApiEndpoint.get("get", "/heartbeat")
      .setPath(MonitorPath)
      .setUrlParams(NoQuery)
      .addSuccess(HeartbeatView)
      .annotate(OpenApi.Summary, "Where a heartbeat is pinged, when it is expected, and its newest pings"),
  )
  .add(
    HttpApiEndpoint.put("setAddresses", "/heartbeat")
      .setPath(MonitorPath)
      .setPayload(HeartbeatAddressesEdit)
      .setUrlParams(NoQuery)
      .addSuccess(HeartbeatView)
      .addError(HeartbeatAddressTaken)
      .addError(TooManyRequests)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(
        OpenApi.Summary,
        "Give a heartbeat the token of Uptime Kuma, or the id of Healthchecks, that its job calls already",
      ),
  )
  .add(
    HttpApiEndpoint.post("rotate", "/heartbeat/rotate")
      .setPath(MonitorPath)
      .setUrlParams(NoQuery)
      .addSuccess(HeartbeatView)
      .annotate(OpenApi.Summary, "Give a heartbeat new addresses; the old ones are worthless at once"),
  )
  .addError(NotFound)
  .middleware(Authentication)
  .prefix("/api/monitor/:id")
  .annotate(OpenApi.Description, "What is told instead of checked") {}
