import { queryOptions } from "@tanstack/react-query"
import { call } from "../api/call.ts"
import type { ReportWindow } from "./labelSearch.ts"
import type { LabelKind } from "./labels.ts"

/** How the monitors of each tag or group did over a window; asked for again once a minute while it is looked at. */
export const reportQuery = (by: LabelKind, window: ReportWindow) =>
  queryOptions({
    queryKey: ["report", by, window],
    queryFn: async ({ signal }) => (await call("reports", "uptime", { urlParams: { by, window }, signal })).items,
    staleTime: 0,
    refetchInterval: 60_000,
  })
