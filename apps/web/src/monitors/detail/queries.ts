import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query"
import { type Answer, call } from "../../api/call.ts"
import type { MonitorOverview } from "../../api/types.ts"
import { currentTime } from "../../ui/clock.ts"
import { type ChartSearch, rangeMs, stretchOf } from "./chart/chartSearch.ts"
import type { Stretch } from "./chart/stretch.ts"

/** Response times by region. */
export type Series = Answer<"results", "series">
/** What one region found within a bucket. */
export type SeriesPoint = Series["locations"][number]["points"][number]
/** How a day was. */
export type Day = Answer<"results", "days">["items"][number]
/** Uptime and response times over a window. */
export type Stats = Answer<"results", "stats">
/** A time in which a monitor was down. */
export type Outage = Answer<"reports", "outages">["items"][number]
/** An incident as lists show it. */
export type IncidentSummary = Answer<"incidents", "list">["items"][number]
/** A result with all that is known of it. */
export type ResultDetail = Answer<"results", "list">["items"][number]
/** What was seen when a check did not end well. */
export type Evidence = NonNullable<ResultDetail["evidence"]>
/** A heartbeat with its addresses and newest pings. */
export type Heartbeat = Answer<"heartbeats", "get">

/** A time under maintenance, and what it is called. */
export interface MaintenanceTime {
  readonly title: string
  readonly startsAt: string
  /** Null until somebody ends it. */
  readonly endsAt: string | null
}

/** How often numbers are read anew that no event tells of, in milliseconds. */
const calmly = 60_000

/** The most maintenances whose times are read: the newest. */
const mostMaintenances = 20

/** The most incidents and outages that a chart marks: the newest. */
const mostMarks = 100

/** Uptime and response times over one of the usual windows. */
export const statsQuery = (monitorId: string, window: Stats["window"]) =>
  queryOptions({
    queryKey: ["stats", monitorId, window],
    queryFn: ({ signal }) => call("results", "stats", { path: { monitorId }, urlParams: { window }, signal }),
    refetchInterval: calmly,
  })

/** The days of the last year. */
export const daysQuery = (monitorId: string) =>
  queryOptions({
    queryKey: ["days", monitorId],
    queryFn: async ({ signal }) => (await call("results", "days", { path: { monitorId }, signal })).items,
    refetchInterval: 5 * calmly,
  })

/**
 * Response times over the stretch that an address asks for, and that stretch. What was shown stays until the next has come.
 * Those of a day and less change with every check, longer ones hardly.
 */
export const seriesQuery = (monitorId: string, search: ChartSearch) => {
  const { from, range = "24h", to } = search
  const isShort =
    from === undefined || to === undefined ? range === "24h" : Date.parse(to) - Date.parse(from) <= rangeMs["24h"]
  return queryOptions({
    queryKey: [isShort ? "series" : "history", monitorId, from ?? range, to ?? null],
    queryFn: async ({ signal }) => {
      const stretch = stretchOf({ from, to, range }, currentTime())
      const series = await call("results", "series", { path: { monitorId }, urlParams: isoOf(stretch), signal })
      return { stretch, series }
    },
    placeholderData: keepPreviousData,
    refetchInterval: calmly,
  })
}

const isoOf = ({ from, to }: Stretch) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })

/** The outages of a monitor, the one that began last first, page by page. */
export const outagesQuery = (monitorId: string) =>
  infiniteQueryOptions({
    queryKey: ["outages", monitorId, "list"],
    queryFn: ({ pageParam, signal }) =>
      call("reports", "outages", {
        urlParams: { monitorId, limit: 10, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })

/** The incidents of a monitor, the one that began last first, page by page. */
export const incidentsOfQuery = (monitorId: string) =>
  infiniteQueryOptions({
    queryKey: ["incidents", "of", monitorId],
    queryFn: ({ pageParam, signal }) =>
      call("incidents", "list", {
        urlParams: { monitorId, limit: 10, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })

/** The incidents of a monitor that are open. */
export const openIncidentsQuery = (monitorId: string) =>
  queryOptions({
    queryKey: ["incidents", "open", monitorId],
    queryFn: async ({ signal }) =>
      (await call("incidents", "list", { urlParams: { monitorId, open: true, limit: 10 }, signal })).items,
  })

/** What a chart marks before an instant: the newest outages and incidents. `to` in milliseconds; null for now. */
export const happenedQuery = (monitorId: string, to: number | null) =>
  queryOptions({
    queryKey: ["outages", monitorId, "marks", to],
    queryFn: async ({ signal }) => {
      const urlParams = { monitorId, limit: mostMarks, ...(to === null ? {} : { to: new Date(to).toISOString() }) }
      const [outages, incidents] = await Promise.all([
        call("reports", "outages", { urlParams, signal }),
        call("incidents", "list", { urlParams, signal }),
      ])
      return { outages: outages.items, incidents: incidents.items }
    },
    placeholderData: keepPreviousData,
    refetchInterval: calmly,
  })

/** The times under maintenance of a monitor within a stretch, of the newest maintenances that are over it. */
export const maintenancesOfQuery = (monitor: MonitorOverview, stretch: Stretch) =>
  queryOptions({
    queryKey: ["maintenances", "of", monitor.id, monitor.tags, monitor.group, stretch.from, stretch.to],
    queryFn: async ({ signal }): Promise<ReadonlyArray<MaintenanceTime>> => {
      const { items } = await call("maintenances", "list", { urlParams: { limit: mostMarks }, signal })
      const over = items
        .filter(
          ({ groups, monitorIds, tags }) =>
            monitorIds.includes(monitor.id) ||
            tags.some((tag) => monitor.tags.includes(tag)) ||
            (monitor.group !== null && groups.includes(monitor.group)),
        )
        .slice(0, mostMaintenances)
      const times = await Promise.all(
        over.map(async ({ id, title }) => {
          const windows = await call("maintenances", "windows", { path: { id }, urlParams: isoOf(stretch), signal })
          return windows.items.map((window) => ({ ...window, title }))
        }),
      )
      return times.flat()
    },
    placeholderData: keepPreviousData,
  })

/** A heartbeat's addresses and newest pings. */
export const heartbeatQuery = (id: string) =>
  queryOptions({
    queryKey: ["heartbeat", id],
    queryFn: ({ signal }) => call("heartbeats", "get", { path: { id }, signal }),
    refetchInterval: calmly / 4,
  })
