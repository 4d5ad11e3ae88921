import type { AlertRules } from "@uptime/domain/AlertRules"
import type { CheckKind } from "@uptime/domain/CheckKind"
import { mapSecrets } from "@uptime/domain/CheckSecrets"
import type { CheckOptions } from "@uptime/domain/CheckSpec"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId, ResultId, UserId } from "@uptime/domain/Ids"
import type { Monitor, MonitorSettings } from "@uptime/domain/Monitor"
import type { Confirming, LocationStatus, MonitorOverview } from "@uptime/domain/MonitorOverview"
import type { MonitorStatus } from "@uptime/domain/MonitorStatus"
import type { Overlay } from "@uptime/domain/Overlay"
import type { Region } from "@uptime/domain/Region"
import type { Result } from "@uptime/domain/Result"
import { secretMask } from "@uptime/domain/SecretMask"
import { DateTime } from "effect"

/**
 * Rows as the driver gives them, and what they become. They are not decoded by a schema: the lists of a busy api are made
 * of them, and what is in these tables went through the domain's schemas on its way in.
 */
export interface MonitorRow {
  readonly id: MonitorId
  readonly user_id: UserId
  readonly name: string
  readonly kind: CheckKind
  readonly url: Monitor["url"]
  readonly spec: CheckOptions
  readonly interval_seconds: number
  readonly timeout_ms: number
  readonly enabled: boolean
  readonly tags: ReadonlyArray<string>
  readonly confirm_failures: number
  readonly confirm_successes: number
  readonly retry_seconds: number
  readonly min_regions: number
  readonly alerts: AlertRules
  readonly group_name: string | null
  readonly parents: ReadonlyArray<MonitorId>
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

/** A monitor's row, when it is due, and whether it is called flapping. */
export interface OverviewRow extends MonitorRow {
  readonly next_check_at: Date
  readonly is_flapping: boolean
}

/** A row of `monitor_status`; the result's columns are null in the row of the monitor as a whole. */
export type StatusRow = OverallRow | LocationRow

interface StatusColumns extends ResultColumns {
  readonly monitor_id: MonitorId
  /** Null in a row that says nothing yet. */
  readonly since: Date | null
  readonly overlay: Overlay | null
  readonly result_id: ResultId | null
  readonly scheduled_at: Date | null
  readonly checked_at: Date | null
  readonly result_status: CheckStatus | null
  readonly streak_status: CheckStatus | null
  readonly streak_since: Date | null
  readonly streak_count: number
}

interface OverallRow extends StatusColumns {
  readonly location: "*"
  readonly status: MonitorStatus
}

interface LocationRow extends StatusColumns {
  readonly location: Region
  readonly status: CheckStatus
}

/** What may be set on a monitor, as it is set now. */
export const settingsOf = (row: MonitorRow): MonitorSettings => ({
  name: row.name,
  url: row.url,
  intervalSeconds: row.interval_seconds,
  timeoutMs: row.timeout_ms,
  enabled: row.enabled,
  tags: row.tags,
  check: row.spec,
  confirmation: {
    failures: row.confirm_failures,
    successes: row.confirm_successes,
    retrySeconds: row.retry_seconds,
    minRegions: row.min_regions,
  },
  alerts: row.alerts,
  group: row.group_name,
  parents: row.parents,
})

/** A monitor, from its row. */
export const monitorOf = (row: MonitorRow): Monitor => {
  const { check, ...settings } = settingsOf(row)
  const { conditions = [], ...options } = check
  return {
    id: row.id,
    userId: row.user_id,
    kind: row.kind,
    ...settings,
    conditions,
    ...mapSecrets(options, () => secretMask),
    createdAt: DateTime.unsafeFromDate(row.created_at),
    updatedAt: DateTime.unsafeFromDate(row.updated_at),
  }
}

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
export const overviewOf = (monitor: OverviewRow, statuses: ReadonlyArray<StatusRow>): MonitorOverview => {
  const locations: Array<LocationStatus> = []
  let overall: OverallRow | undefined
  for (const row of statuses) {
    if (isOverall(row)) {
      overall = row
      continue
    }
    const latest = latestOf(row)
    if (latest === null || row.since === null) continue
    const since = DateTime.unsafeFromDate(row.since)
    locations.push({ location: row.location, status: row.status, since, confirming: confirmingOf(row), latest })
  }
  locations.sort((a, b) => (a.location < b.location ? -1 : 1))
  return {
    ...monitorOf(monitor),
    status: overall?.status ?? "Unknown",
    since: overall === undefined || overall.since === null ? null : DateTime.unsafeFromDate(overall.since),
    overlay: overall?.overlay ?? null,
    flapping: monitor.is_flapping,
    nextCheckAt:
      monitor.enabled && monitor.kind !== "heartbeat" ? DateTime.unsafeFromDate(monitor.next_check_at) : null,
    locations,
    latest: locations.reduce<Result | null>(
      (newest, { latest }) =>
        newest === null || DateTime.greaterThan(latest.scheduledAt, newest.scheduledAt) ? latest : newest,
      null,
    ),
  }
}

const isOverall = (row: StatusRow): row is OverallRow => row.location === "*"

const confirmingOf = ({
  streak_count: count,
  streak_since: since,
  streak_status: status,
}: LocationRow): Confirming | null =>
  status === null || since === null ? null : { status, since: DateTime.unsafeFromDate(since), count }

const latestOf = (row: LocationRow): Result | null =>
  row.result_id === null || row.scheduled_at === null || row.checked_at === null || row.result_status === null
    ? null
    : resultOf({
        ...row,
        id: row.result_id,
        scheduled_at: row.scheduled_at,
        checked_at: row.checked_at,
        status: row.result_status,
      })
