import type { MonitorSummary } from "../api/types.ts"
import { type ShownStatus, shownStatus, statusOrder } from "../ui/status.ts"
import type { StatusPage } from "./queries.ts"

/** How the monitors of a page stand. */
export interface PageStatus {
  readonly count: number
  /** The worst of them; null for a page without any. */
  readonly worst: ShownStatus | null
  /** How many have that status. */
  readonly worstCount: number
}

/** How the monitors of a page stand together. */
export const pageStatus = (page: StatusPage, monitors: ReadonlyArray<MonitorSummary>): PageStatus => {
  const onPage = new Set(page.sections.flatMap((section) => section.monitors.map(({ monitorId }) => monitorId)))
  const statuses = monitors.filter(({ id }) => onPage.has(id)).map(shownStatus)
  const worst = statusOrder.find((status) => statuses.includes(status)) ?? null
  return { count: onPage.size, worst, worstCount: statuses.filter((status) => status === worst).length }
}
