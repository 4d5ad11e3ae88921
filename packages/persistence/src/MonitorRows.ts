import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId, ResultId, UserId } from "@uptime/domain/Ids"
import type { Monitor } from "@uptime/domain/Monitor"
import type { LocationStatus, MonitorOverview } from "@uptime/domain/MonitorOverview"
import type { Region } from "@uptime/domain/Region"
import type { Result } from "@uptime/domain/Result"
import { DateTime } from "effect"

/**
 * Rows as the driver gives them, and what they become. They are not decoded by a schema: the lists of a busy api are made
 * of them, and what is in these tables went through the domain's schemas on its way in.
 */
export interface MonitorRow {
  readonly id: MonitorId
  readonly user_id: UserId
  readonly name: string
  readonly kind: Monitor["kind"]
  readonly url: Monitor["url"]
  readonly interval_seconds: number
  readonly timeout_ms: number
  readonly enabled: boolean
  readonly tags: ReadonlyArray<string>
  readonly config_version: number
  readonly created_at: Date
  readonly updated_at: Date
}

/** The columns of a result, but for what it belongs to. */
interface ResultColumns {
  readonly response_time_ms: number | null
  readonly dns_ms: number | null
  readonly connect_ms: number | null
  readonly tls_ms: number | null
  readonly first_byte_ms: number | null
  readonly transfer_ms: number | null
  readonly http_status: number | null
  readonly error_kind: NonNullable<Result["error"]>["kind"] | null
  readonly error_message: string | null
  readonly certificate_expires_at: Date | null
}

/** A row of `check_results`. */
export interface ResultRow extends ResultColumns {
  readonly id: ResultId
  readonly monitor_id: MonitorId
  readonly location: Region
  readonly scheduled_at: Date
  readonly checked_at: Date
  readonly status: CheckStatus
}

/** A row of `monitor_status` with its monitor's id; the result's columns are null in the row of the monitor as a whole. */
export interface StatusRow extends ResultColumns {
  readonly monitor_id: MonitorId
  readonly location: Region | "*"
  readonly status: CheckStatus
  /** Null in a row that says nothing yet. */
  readonly since: Date | null
  readonly result_id: ResultId | null
  readonly scheduled_at: Date | null
  readonly checked_at: Date | null
  readonly result_status: CheckStatus | null
}

/** A monitor, from its row. */
export const monitorOf = (row: MonitorRow): Monitor => ({
  id: row.id,
  userId: row.user_id,
  name: row.name,
  kind: row.kind,
  url: row.url,
  intervalSeconds: row.interval_seconds,
  timeoutMs: row.timeout_ms,
  enabled: row.enabled,
  tags: row.tags,
  createdAt: DateTime.unsafeFromDate(row.created_at),
  updatedAt: DateTime.unsafeFromDate(row.updated_at),
})

/** A result, from its row. */
export const resultOf = (row: ResultRow): Result => ({
  id: row.id,
  monitorId: row.monitor_id,
  location: row.location,
  status: row.status,
  responseTimeMs: row.response_time_ms,
  checkedAt: DateTime.unsafeFromDate(row.checked_at),
  scheduledAt: DateTime.unsafeFromDate(row.scheduled_at),
  phases: {
    dns: row.dns_ms,
    connect: row.connect_ms,
    tls: row.tls_ms,
    firstByte: row.first_byte_ms,
    transfer: row.transfer_ms,
  },
  httpStatus: row.http_status,
  error: row.error_kind === null ? null : { kind: row.error_kind, message: row.error_message ?? "" },
  certificateExpiresAt:
    row.certificate_expires_at === null ? null : DateTime.unsafeFromDate(row.certificate_expires_at),
})

/** A monitor with what is known of it, from its row and all its status rows, in any order. */
export const overviewOf = (monitor: MonitorRow, statuses: ReadonlyArray<StatusRow>): MonitorOverview => {
  const locations: Array<LocationStatus> = []
  let overall: StatusRow | undefined
  for (const row of statuses) {
    if (row.location === "*") {
      overall = row
      continue
    }
    const latest = latestOf(row, row.location)
    if (latest === null || row.since === null) continue
    const since = DateTime.unsafeFromDate(row.since)
    locations.push({ location: row.location, status: row.status, since, latest })
  }
  locations.sort((a, b) => (a.location < b.location ? -1 : 1))
  return {
    ...monitorOf(monitor),
    status: overall?.status ?? "Unknown",
    since: overall === undefined || overall.since === null ? null : DateTime.unsafeFromDate(overall.since),
    locations,
    latest: locations.reduce<Result | null>(
      (newest, { latest }) =>
        newest === null || DateTime.greaterThan(latest.scheduledAt, newest.scheduledAt) ? latest : newest,
      null,
    ),
  }
}

const latestOf = (row: StatusRow, location: Region): Result | null =>
  row.result_id === null || row.scheduled_at === null || row.checked_at === null || row.result_status === null
    ? null
    : resultOf({
        ...row,
        id: row.result_id,
        location,
        scheduled_at: row.scheduled_at,
        checked_at: row.checked_at,
        status: row.result_status,
      })
