import type { Request } from "../api/call.ts"
import { type LabelKind, type LabelOrder, labelOrders } from "./labels.ts"

/** A window of a report. */
export type ReportWindow = NonNullable<NonNullable<Request<"reports", "uptime">["urlParams"]>["window"]>

/** The windows, with their words. */
export const windowWords: Readonly<Record<ReportWindow, string>> = {
  "24h": "24 hours",
  "7d": "7 days",
  "30d": "30 days",
  "90d": "90 days",
  "1y": "1 year",
}

/** The windows, the shortest first. */
export const reportWindows: ReadonlyArray<ReportWindow> = ["24h", "7d", "30d", "90d", "1y"]

/** What the address of the page says about what it shows: tags over 30 days in alphabetical order unless it says otherwise. */
export interface LabelSearch {
  readonly by?: LabelKind | undefined
  readonly window?: ReportWindow | undefined
  readonly order?: LabelOrder | undefined
}

/** Reads what an address says; what means nothing is left out. */
export const readLabelSearch = (search: Record<string, unknown>): LabelSearch => {
  const window = reportWindows.find((each) => each === search["window"])
  const order = labelOrders.find((each) => each === search["order"])
  return {
    ...(search["by"] === "group" ? { by: "group" } : {}),
    ...(window === undefined || window === "30d" ? {} : { window }),
    ...(order === undefined || order === "name" ? {} : { order }),
  }
}
