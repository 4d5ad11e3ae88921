import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { call } from "../api/call.ts"
import { queryClient } from "../api/queryClient.ts"

/** All policies, newest first: an account has at most a hundred, which is a page. */
export const escalationsQuery = queryOptions({
  queryKey: ["escalations"],
  queryFn: async ({ signal }) => (await call("escalations", "list", { urlParams: { limit: 100 }, signal })).items,
})

/** One policy. */
export const escalationQuery = (id: string) =>
  queryOptions({
    queryKey: ["escalations", id],
    queryFn: ({ signal }) => call("escalations", "get", { path: { id }, signal }),
  })

/** The monitors that a policy is for, newest first, page by page. */
export const monitorsOfQuery = (escalationId: string) =>
  infiniteQueryOptions({
    queryKey: ["escalations", escalationId, "monitors"],
    queryFn: ({ signal, pageParam }) =>
      call("monitors", "list", {
        urlParams: { escalationId, limit: 20, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })

/** Policies were changed: what is shown of them is read anew. */
export const escalationsChanged = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ["escalations"] })
