import type { MonitorOverview, MonitorSummary } from "./types.ts"

/** What a new result changes in the list. */
export interface NewResult {
  readonly monitorId: string
  readonly checkedAt: string
  readonly responseTimeMs: number | null
}

/**
 * The list with new results in it. Only the newest of a monitor counts, in whatever order they come, and what is known to be
 * newer stays. Without any change it is the same list. What the checks mean for the status, the server says.
 */
export const withResults = (
  summaries: ReadonlyArray<MonitorSummary>,
  results: ReadonlyArray<NewResult>,
): ReadonlyArray<MonitorSummary> => {
  const newest = new Map<string, NewResult>()
  for (const result of results) {
    const known = newest.get(result.monitorId)
    if (known === undefined || isNewer(result.checkedAt, known.checkedAt)) newest.set(result.monitorId, result)
  }
  let changed = false
  const next = summaries.map((summary) => {
    const result = newest.get(summary.id)
    if (result === undefined || !isNewer(result.checkedAt, summary.checkedAt)) return summary
    changed = true
    return { ...summary, checkedAt: result.checkedAt, responseTimeMs: result.responseTimeMs }
  })
  return changed ? next : summaries
}

const isNewer = (time: string, than: string | null): boolean => than === null || Date.parse(time) > Date.parse(than)

/** The list with one monitor as it is now, at its place; first when it is new. */
export const withMonitor = (
  summaries: ReadonlyArray<MonitorSummary>,
  monitor: MonitorOverview,
): ReadonlyArray<MonitorSummary> => {
  const at = summaries.findIndex(({ id }) => id === monitor.id)
  const summary = summaryOf(monitor, summaries[at]?.uptime24h ?? null)
  return at === -1 ? [summary, ...summaries] : summaries.with(at, summary)
}

/** The list without some monitors. */
export const withoutMonitors = (
  summaries: ReadonlyArray<MonitorSummary>,
  ids: ReadonlySet<string>,
): ReadonlyArray<MonitorSummary> => summaries.filter(({ id }) => !ids.has(id))

/** What the list shows of a monitor; its uptime is not among what is known of one monitor. */
const summaryOf = (monitor: MonitorOverview, uptime24h: number | null): MonitorSummary => ({
  id: monitor.id,
  name: monitor.name,
  url: monitor.url,
  kind: monitor.kind,
  group: monitor.group,
  tags: monitor.tags,
  enabled: monitor.enabled,
  intervalSeconds: monitor.intervalSeconds,
  status: monitor.status,
  since: monitor.since,
  overlay: monitor.overlay,
  regions: monitor.locations.map(({ location, status }) => ({ location, status })),
  responseTimeMs: monitor.latest?.responseTimeMs ?? null,
  checkedAt: monitor.latest?.checkedAt ?? null,
  uptime24h,
})
