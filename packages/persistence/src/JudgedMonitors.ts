import type { SqlClient } from "@effect/sql/SqlClient"
import type { AlertRules } from "@uptime/domain/AlertRules"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { MonitorStatus } from "@uptime/domain/MonitorStatus"
import { readUrl } from "@uptime/domain/MonitorUrl"
import type { Overlay } from "@uptime/domain/Overlay"
import type { JudgedMonitor } from "@uptime/incidents/World"
import { Effect } from "effect"
import { newOnes, readAbove } from "./ParentReads.ts"

/**
 * Monitors of an owner as the judge is shown them: those that are named, all below these at any depth, and all above any of
 * them. What was deleted is missing.
 *
 * @param now milliseconds since the epoch: since when a monitor is `Unknown` of which nothing was ever said
 */
export const readJudgedMonitors = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  named: ReadonlyArray<MonitorId>,
  now: number,
) {
  if (named.length === 0) return new Map<MonitorId, JudgedMonitor>()
  const known = new Set(named)
  let level = named
  while (level.length > 0) {
    level = yield* sql<{ readonly id: MonitorId }>`
      SELECT id FROM monitors WHERE parents <> '{}' AND parents && ${level}::uuid[] AND user_id = ${userId}`.pipe(
      Effect.map((rows) => newOnes(known, rows)),
    )
  }
  for (const id of yield* readAbove(sql, [...known])) known.add(id)
  const rows = yield* sql<MonitorRow>`
    SELECT id, name, kind, url, group_name, parents, enabled, confirm_failures,
      least(retry_seconds, interval_seconds) AS retry_seconds, timeout_ms, alerts, status, overlay,
      round(date_part('epoch', nullif(state.since, '-infinity')) * 1000) AS since,
      ARRAY(SELECT round(date_part('epoch', change) * 1000) FROM unnest(flapping.changes) AS change) AS changes,
      round(date_part('epoch', flapping.since) * 1000) AS flapping_since
    FROM monitors
      LEFT JOIN monitor_status AS state ON state.monitor_id = id AND location = '*'
      LEFT JOIN monitor_flapping AS flapping ON flapping.monitor_id = id
    WHERE id = ANY(${[...known]}::uuid[]) AND user_id = ${userId}`
  return new Map(rows.map((row) => [row.id, judgedMonitor(row, now)]))
})

interface MonitorRow {
  readonly id: MonitorId
  readonly name: string
  readonly kind: string
  readonly url: string
  readonly group_name: string | null
  readonly parents: ReadonlyArray<MonitorId>
  readonly enabled: boolean
  readonly confirm_failures: number
  readonly retry_seconds: number
  readonly timeout_ms: number
  readonly alerts: AlertRules
  readonly status: MonitorStatus | null
  readonly overlay: Overlay | null
  readonly since: number | null
  readonly changes: ReadonlyArray<number>
  readonly flapping_since: number | null
}

const judgedMonitor = (row: MonitorRow, now: number): JudgedMonitor => ({
  id: row.id,
  name: row.name,
  host: row.kind === "heartbeat" ? null : hostOf(row.url),
  group: row.group_name,
  parents: row.parents,
  enabled: row.enabled,
  pace:
    row.kind === "heartbeat"
      ? null
      : { failures: row.confirm_failures, retrySeconds: row.retry_seconds, timeoutMs: row.timeout_ms },
  alerts: row.alerts,
  status: row.since === null || row.status === null ? "Unknown" : row.status,
  since: row.since ?? now,
  overlay: row.overlay,
  flapping: { changes: row.changes, since: row.flapping_since },
})

/** The host of a monitor's URL, without its port; null where it has none. */
const hostOf = (url: string): string | null => {
  const host = readUrl(url)?.hostname ?? ""
  return host === "" ? null : host.toLowerCase()
}
