import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { call } from "../api/call.ts"
import { queryClient } from "../api/queryClient.ts"

/** All channels, newest first: an account has at most a hundred, which is a page. */
export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: async ({ signal }) => (await call("channels", "list", { urlParams: { limit: 100 }, signal })).items,
})

/** One channel. */
export const channelQuery = (id: string) =>
  queryOptions({
    queryKey: ["channels", id],
    queryFn: ({ signal }) => call("channels", "get", { path: { id }, signal }),
  })

/** How often messages that wait are looked at again, in milliseconds. */
const pendingEvery = 5_000

/** The newest message to each channel that had any. */
export const latestDeliveriesQuery = queryOptions({
  queryKey: ["deliveries", "latest"],
  queryFn: async ({ signal }) => (await call("channels", "latestDeliveries", { signal })).items,
  refetchInterval: ({ state }) => (state.data?.some((each) => each.state === "pending") ? pendingEvery : false),
})

/** The messages to a channel, newest first, page by page. */
export const deliveriesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["deliveries", id],
    queryFn: ({ signal, pageParam }) =>
      call("channels", "deliveries", {
        path: { id },
        urlParams: { limit: 20, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.items.some((each) => each.state === "pending") ? pendingEvery : false,
  })

/** Channels were changed: what is shown of them is read anew. */
export const channelsChanged = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ["channels"] })
