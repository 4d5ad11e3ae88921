import { queryOptions } from "@tanstack/react-query"
import { call } from "../../api/call.ts"

/** The most that one call lists. */
const limit = 100

/** All of a list that comes page by page. */
const allPages = async <T>(
  page: (
    cursor: string | undefined,
  ) => Promise<{ readonly items: ReadonlyArray<T>; readonly nextCursor: string | null }>,
): Promise<ReadonlyArray<T>> => {
  const items: Array<T> = []
  let cursor: string | undefined
  do {
    const next = await page(cursor)
    items.push(...next.items)
    cursor = next.nextCursor ?? undefined
  } while (cursor !== undefined)
  return items
}

/** All channels that a monitor may name. */
export const allChannelsQuery = queryOptions({
  queryKey: ["channels", "all"],
  queryFn: ({ signal }) =>
    allPages((cursor) =>
      call("channels", "list", { urlParams: { limit, ...(cursor === undefined ? {} : { cursor }) }, signal }),
    ),
})

/** All escalation policies that a monitor may name. */
export const allEscalationsQuery = queryOptions({
  queryKey: ["escalations", "all"],
  queryFn: ({ signal }) =>
    allPages((cursor) =>
      call("escalations", "list", { urlParams: { limit, ...(cursor === undefined ? {} : { cursor }) }, signal }),
    ),
})
