import type { CheckError } from "@uptime/domain/CheckError"
import type { CheckOptions } from "@uptime/domain/CheckSpec"
import { pushRegion } from "@uptime/domain/Heartbeat"
import type { MonitorId } from "@uptime/domain/Ids"
import { type NewResult, noPhases } from "@uptime/domain/Result"
import type { HeartbeatOptions } from "@uptime/incidents/HeartbeatSchedule"
import { HeartbeatState } from "@uptime/incidents/HeartbeatState"
import { Schema } from "effect"

/** A heartbeat with what its monitor says, locked; instants in milliseconds since the epoch. */
export interface HeartbeatRow {
  readonly monitor_id: MonitorId
  readonly state: unknown
  readonly spec: CheckOptions
  readonly enabled: boolean
  /** From when on it is expected: it was made, or turned on last. */
  readonly since: number
  readonly now: number
}

/** Its columns, of `heartbeats` and `monitors`. */
export const heartbeatColumns = `monitor_id, state, spec, enabled,
  date_part('epoch', greatest(monitors.created_at, turned_on_at)) * 1000 AS since,
  floor(date_part('epoch', now()) * 1000) AS now`

/** The fold of its pings. */
export const stateOf = ({ state }: HeartbeatRow): HeartbeatState => decodeState(state)

const decodeState = Schema.decodeUnknownSync(HeartbeatState)

/** When it is expected; without options, which no heartbeat is made without, once a day. */
export const optionsOf = ({ spec }: HeartbeatRow): HeartbeatOptions => spec.heartbeat ?? { periodSeconds: 86_400 }

/** A result of a heartbeat. */
export const heartbeatResult = (
  monitorId: MonitorId,
  at: number,
  status: "Up" | "Down",
  reason: string | null,
  runMs: number | null,
  body: string | null,
): NewResult => {
  const error: CheckError | null = reason === null ? null : { kind: "heartbeat", message: reason }
  return {
    monitorId,
    region: pushRegion,
    slot: at,
    checkedAt: at,
    outcome: {
      status,
      responseTimeMs: runMs,
      phases: noPhases,
      httpStatus: null,
      errorKind: error?.kind ?? null,
      errorMessage: error?.message ?? null,
      certificateExpiresAt: null,
      attempts: 1,
      evidence: status === "Up" || body === null ? null : { address: null, headers: [], body, certificate: null },
    },
  }
}
