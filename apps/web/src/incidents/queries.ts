import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { type Answer, call } from "../api/call.ts"

/** An incident as the list shows it. */
export type Incident = Answer<"incidents", "list">["items"][number]
/** An incident with all that is known of it. */
export type IncidentDetail = Answer<"incidents", "get">

/** How many incidents are read at once. */
const pageSize = 25

/** The most that the count of open incidents goes to. */
export const mostCounted = 99

/** Incidents that are open, or those that are over, with a text; the one that began last first, page by page. */
export const incidentsQuery = (open: boolean, text: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["incidents", { open, text }],
    queryFn: ({ signal, pageParam }) =>
      call("incidents", "list", {
        urlParams: {
          open,
          limit: pageSize,
          ...(text === undefined ? {} : { text }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })

/** How many incidents are open; one more than `mostCounted` where there are more. */
export const openCountQuery = queryOptions({
  queryKey: ["incidents", "count"],
  queryFn: async ({ signal }) =>
    (await call("incidents", "list", { urlParams: { open: true, limit: mostCounted + 1 }, signal })).items.length,
})

/** One incident. */
export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: ["incident", id],
    queryFn: ({ signal }) => call("incidents", "get", { path: { id }, signal }),
  })
