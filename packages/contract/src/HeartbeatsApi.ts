import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform"
import { Heartbeat } from "@uptime/domain/Heartbeat"
import { MonitorId } from "@uptime/domain/Ids"
import { Schema } from "effect"
import { NotFound } from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { NoQuery } from "./StrictStruct.ts"

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
