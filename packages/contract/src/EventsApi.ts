import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform"
import { IncidentId, MonitorId } from "@uptime/domain/Ids"
import { Result } from "@uptime/domain/Result"
import { Schema } from "effect"
import { TooManyRequests } from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { optional, StrictStruct } from "./StrictStruct.ts"

/** New results of one monitor: the event `result`. One may come twice. */
export const ResultEvent = Schema.Struct({ monitorId: MonitorId, results: Schema.Array(Result) }).annotations({
  identifier: "ResultEvent",
})
export type ResultEvent = typeof ResultEvent.Type

/** Monitors that were added, edited, deleted, or have another status: the event `monitor`. What they are now is to be asked. */
export const MonitorEvent = Schema.Struct({ ids: Schema.Array(MonitorId) }).annotations({ identifier: "MonitorEvent" })
export type MonitorEvent = typeof MonitorEvent.Type

/** An incident that is new or changed: the event `incident`. */
export const IncidentEvent = Schema.Struct({ id: IncidentId }).annotations({ identifier: "IncidentEvent" })
export type IncidentEvent = typeof IncidentEvent.Type

/** How long a client waits before it connects again, in milliseconds. */
export const eventRetryMs = 2_000

/** Between two comments that keep the way open, in seconds. */
export const eventHeartbeatSeconds = 15

/** Where a stream goes on: after this event, by its id; the header `Last-Event-ID` says the same. */
export const EventQuery = StrictStruct({ lastEventId: optional(Schema.String.pipe(Schema.maxLength(100))) })

/** What happens, while it happens. */
export class EventsApi extends HttpApiGroup.make("events")
  .add(
    HttpApiEndpoint.get("stream", "/")
      .setUrlParams(EventQuery)
      .addSuccess(
        HttpApiSchema.Text({ contentType: "text/event-stream" }).annotations({
          description:
            "Events `result`, `monitor` and `incident`, each with an id and JSON as its data (`ResultEvent`, `MonitorEvent`, `IncidentEvent`), and `reset` where what happened meanwhile cannot be told: then everything is to be read anew.",
        }),
      )
      .addError(TooManyRequests)
      .annotate(OpenApi.Summary, "Server-sent events: new results, and what changed"),
  )
  .middleware(Authentication)
  .prefix("/api/events")
  .annotate(OpenApi.Description, "What happens, while it happens") {}
