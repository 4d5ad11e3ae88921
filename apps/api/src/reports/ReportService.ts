import type { ServiceUnavailable } from "@uptime/contract/ApiErrors"
import { defaultLimit, maxReportLimit } from "@uptime/contract/Page"
import type { LabelList, OutagePage, OutageQuery, UptimeQuery, UptimeReport } from "@uptime/contract/ReportsApi"
import type { UserId } from "@uptime/domain/Ids"
import { Reports } from "@uptime/persistence/Reports"
import { Context, DateTime, Effect, Layer } from "effect"
import { pageOf } from "../PageOf.ts"
import { storeCall } from "../StoreCall.ts"

/** How a person's monitors did. Every method sees those of `userId` alone. */
export class ReportService extends Context.Tag("@uptime/api/ReportService")<
  ReportService,
  {
    /** A page of uptime, outages and how long they took, over a window: 30 days until now per monitor unless it is said. */
    readonly uptime: (userId: UserId, query: UptimeQuery) => Effect.Effect<UptimeReport, ServiceUnavailable>
    /** A page of outages, the one that began last first. */
    readonly outages: (userId: UserId, query: OutageQuery) => Effect.Effect<OutagePage, ServiceUnavailable>
    /** The tags in use, with their monitors by status. */
    readonly tags: (userId: UserId) => Effect.Effect<LabelList, ServiceUnavailable>
    /** The groups in use, likewise. */
    readonly groups: (userId: UserId) => Effect.Effect<LabelList, ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const reports = yield* Reports

  return ReportService.of({
    uptime: Effect.fn("ReportService.uptime")(function* (userId, query) {
      const { by = "monitor", cursor, limit = maxReportLimit, monitorId, window = "30d" } = query
      const filter = { window, by, monitorId }
      const { from, knownFrom, rows, to } = yield* storeCall(reports.uptime(userId, filter, limit + 1, cursor ?? null))
      return {
        window,
        from: DateTime.unsafeMake(from),
        to: DateTime.unsafeMake(to),
        dataFrom: knownFrom === null ? null : DateTime.unsafeMake(knownFrom),
        ...pageOf(rows, limit, ({ key, monitorId, uptime }) => ({ to, uptime, key, monitorId })),
      }
    }),

    outages: Effect.fn("ReportService.outages")(function* (userId, query) {
      const { cursor, from, group, limit = defaultLimit, monitorId, tag, to } = query
      const filter = {
        monitorId,
        group,
        tag,
        from: from === undefined ? undefined : DateTime.toEpochMillis(from),
        to: to === undefined ? undefined : DateTime.toEpochMillis(to),
      }
      const found = yield* storeCall(reports.outages(userId, filter, limit + 1, cursor ?? null))
      return pageOf(found, limit, ({ monitorId, startedAt }) => ({
        startedAt: DateTime.toEpochMillis(startedAt),
        monitorId,
      }))
    }),

    tags: Effect.fn("ReportService.tags")((userId) =>
      Effect.map(storeCall(reports.tags(userId)), (items) => ({ items })),
    ),

    groups: Effect.fn("ReportService.groups")((userId) =>
      Effect.map(storeCall(reports.groups(userId)), (items) => ({ items })),
    ),
  })
})
