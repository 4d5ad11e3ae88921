import { queryOptions } from "@tanstack/react-query"
import { type Answer, call } from "../api/call.ts"

/** A maintenance. */
export type Maintenance = Answer<"maintenances", "get">
/** When a maintenance is, as JSON. */
export type Plan = Maintenance["plan"]

/** The most pages that are read: an account has at most 500 maintenances. */
const mostPages = 5

/** All maintenances, newest first. */
export const maintenancesQuery = queryOptions({
  queryKey: ["maintenances"],
  queryFn: async ({ signal }) => {
    const all: Array<Maintenance> = []
    let cursor: string | null = null
    for (let page = 0; page < mostPages; page++) {
      const found: Answer<"maintenances", "list"> = await call("maintenances", "list", {
        urlParams: { limit: 100, ...(cursor === null ? {} : { cursor }) },
        signal,
      })
      all.push(...found.items)
      cursor = found.nextCursor
      if (cursor === null) break
    }
    return all
  },
})

/** One maintenance. */
export const maintenanceQuery = (id: string) =>
  queryOptions({
    queryKey: ["maintenances", id],
    queryFn: ({ signal }) => call("maintenances", "get", { path: { id }, signal }),
  })
