import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { type Answer, call } from "../api/call.ts"
import { queryClient } from "../api/queryClient.ts"

/** A status page as its owner sees it. */
export type StatusPage = Answer<"statusPages", "get">
/** Somebody who is told by a page. */
export type Subscriber = Answer<"statusPages", "subscribers">["items"][number]

/** How many of a list come at once. */
const limit = 100

/** The status pages, newest first. */
export const statusPagesQuery = infiniteQueryOptions({
  queryKey: ["statusPages"],
  queryFn: ({ signal, pageParam }) =>
    call("statusPages", "list", {
      urlParams: { limit, ...(pageParam === null ? {} : { cursor: pageParam }) },
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ nextCursor }) => nextCursor,
})

/** One status page. */
export const statusPageQuery = (id: string) =>
  queryOptions({
    queryKey: ["statusPage", id],
    queryFn: ({ signal }) => call("statusPages", "get", { path: { id }, signal }),
  })

/** Who is told by a page, newest first. */
export const subscribersQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["subscribers", id],
    queryFn: ({ signal, pageParam }) =>
      call("statusPages", "subscribers", {
        path: { id },
        urlParams: { limit, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })

/** Takes a page as the server answered with it. */
export const keepStatusPage = (page: StatusPage): void => {
  queryClient.setQueryData(statusPageQuery(page.id).queryKey, page)
  void queryClient.invalidateQueries({ queryKey: statusPagesQuery.queryKey })
}
