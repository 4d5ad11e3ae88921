import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { call, type Request } from "./call.ts"
import { recentOf } from "./recent.ts"

/** Who is logged in. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => call("auth", "me", { signal }),
  staleTime: 300_000,
})

/** All monitors, newest first. */
export const summariesQuery = queryOptions({
  queryKey: ["summaries"],
  queryFn: async ({ signal }) => (await call("monitors", "summaries", { signal })).items,
  staleTime: 60_000,
})

/** The newest checks of a monitor; those asked for at about the same time come in one call. */
export const recentQuery = (id: string) =>
  queryOptions({
    queryKey: ["recent", id],
    queryFn: ({ signal }) => recentOf(id, signal),
    staleTime: 60_000,
  })

/** One monitor with what is known of it now. */
export const monitorQuery = (id: string) =>
  queryOptions({
    queryKey: ["monitor", id],
    queryFn: ({ signal }) => call("monitors", "get", { path: { id }, signal }),
  })

/** The latest result of a monitor, per region and overall. */
export const latestQuery = (monitorId: string) =>
  queryOptions({
    queryKey: ["latest", monitorId],
    queryFn: ({ signal }) => call("results", "latest", { path: { monitorId }, signal }),
  })

/** The results of a monitor, newest first, page by page. */
export const resultsQuery = (
  monitorId: string,
  filter: Omit<NonNullable<Request<"results", "list">["urlParams"]>, "cursor">,
) =>
  infiniteQueryOptions({
    queryKey: ["results", monitorId, filter],
    queryFn: ({ signal, pageParam }) =>
      call("results", "list", {
        path: { monitorId },
        urlParams: { ...filter, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
