import { Effect, Either, Schema } from "effect"
import { CheckStatus } from "../../packages/domain/src/CheckStatus.ts"
import { defaultConfirmation } from "../../packages/domain/src/MonitorDefaults.ts"
import { applyResult, type RegionState } from "../../packages/domain/src/MonitorState.ts"
import type { StoredRow } from "../../packages/testing/src/faults/Accounting.ts"
import type { OpenedIncident } from "../../packages/testing/src/faults/Alarms.ts"
import { jobKey, rowKey } from "../../packages/testing/src/faults/JobKey.ts"
import type { OwedMessage, ReceivedMessage } from "../../packages/testing/src/faults/Messages.ts"
import type { RegionHistory } from "../../packages/testing/src/faults/Replay.ts"
import type { World } from "./World.ts"

/** A row of `check_results` as the harness reads it; times are milliseconds since the epoch. */
export interface Result extends StoredRow {
  readonly monitorId: string
  readonly region: string
  readonly slot: number
  readonly checkedAt: number
  readonly isExpired: boolean
  readonly error: string | null
}

/** What results say that are not `Up`, each with how many say it; the most frequent three. */
export const troublesOf = (stored: ReadonlyArray<Result>): ReadonlyArray<string> => {
  const counts = new Map<string, number>()
  for (const { error, isChecked, status } of stored) {
    if (status === "Up" || !isChecked) continue
    const what = `${status} (${error ?? "no reason"})`
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, 3)
    .map(([what, count]) => `${count} × ${what}`)
}

/** How the product says that a job was not run, or given up (`apps/worker/src/Checks.ts`, `Reclaimer.ts`). */
const expiredText = "Not checked: its turn came"
const givenUpText = "Given up: handed out"

/** Everything that is stored. */
export const results = ({ sql }: World): Effect.Effect<ReadonlyArray<Result>, unknown> =>
  Effect.map(
    sql<{
      readonly id: string
      readonly slot: number
      readonly location: string
      readonly checked: number
      readonly status: string
      readonly error: string | null
    }>`
      SELECT monitor_id AS id, date_part('epoch', scheduled_at) * 1000 AS slot, location,
        date_part('epoch', checked_at) * 1000 AS checked, status, error_message AS error
      FROM check_results`,
    (rows) =>
      rows.map(({ checked, error, id, location, slot, status }) => {
        const isExpired = error?.startsWith(expiredText) === true
        return {
          key: rowKey(jobKey(id, Math.round(slot)), location),
          monitorId: id,
          region: location,
          slot: Math.round(slot),
          checkedAt: Math.round(checked),
          status,
          isExpired,
          error,
          isChecked: !isExpired && error?.startsWith(givenUpText) !== true,
        }
      }),
  )

/** The incidents that were opened, one for each monitor in them. */
export const incidents = ({ sql }: World): Effect.Effect<ReadonlyArray<OpenedIncident>, unknown> =>
  Effect.map(
    sql<{ readonly id: string; readonly started: number; readonly noticed: number }>`
      SELECT monitor_id AS id, date_part('epoch', incident_monitors.started_at) * 1000 AS started,
        date_part('epoch', noticed_at) * 1000 AS noticed
      FROM incident_monitors JOIN incidents ON incidents.id = incident_id`,
    (rows) => rows.map(({ id, noticed, started }) => ({ monitorId: id, startedAt: started, openedAt: noticed })),
  )

/** What the outbox says was to be sent. */
export const owedMessages = ({ sql }: World): Effect.Effect<ReadonlyArray<OwedMessage>, unknown> =>
  Effect.map(
    sql<{ readonly incident_id: string; readonly change: string }>`
      SELECT incident_id, change FROM alert_outbox WHERE state IN ('pending', 'sent')`,
    (rows) => rows.map(({ change, incident_id }) => ({ incidentId: incident_id, change })),
  )

const decodeBody = Schema.decodeUnknownEither(
  Schema.parseJson(Schema.Struct({ data: Schema.Struct({ incidentId: Schema.String }) })),
)

/** The messages that came, other than those that are about no incident; the key (`AlertOf`) has the change as the outbox has it. */
export const receivedMessages = ({ receiver }: World): Effect.Effect<ReadonlyArray<ReceivedMessage>> =>
  Effect.map(receiver.received, (all) =>
    all.flatMap(({ body, key }) => {
      const decoded = decodeBody(body)
      if (Either.isLeft(decoded)) return []
      const change = key.split(":").slice(1, -1).join(":")
      return [{ key, incidentId: decoded.right.data.incidentId, change }]
    }),
  )

const decodeStatus = Schema.decodeUnknownSync(CheckStatus)

/** A region that has been silent for longer is `Unknown` whatever its results say, in milliseconds. */
const silenceMs = 40_000

/** The status of each monitor in each region beside its results. */
export const regionHistories = (
  { sql }: World,
  stored: ReadonlyArray<Result>,
  now: number,
): Effect.Effect<ReadonlyArray<RegionHistory>, unknown> =>
  Effect.map(
    sql<{ readonly id: string; readonly location: string; readonly status: string }>`
      SELECT monitor_id AS id, location, status FROM monitor_status WHERE location <> '*'`,
    (rows) => {
      const own = new Map<string, Array<Result>>()
      for (const result of stored) {
        const name = `${result.monitorId} in ${result.region}`
        const before = own.get(name)
        if (before === undefined) own.set(name, [result])
        else before.push(result)
      }
      return rows.flatMap(({ id, location, status }) => {
        const name = `${id} in ${location}`
        const mine = own.get(name) ?? []
        const isSilent = mine.every(({ slot }) => slot < now - silenceMs)
        return status === "Unknown" && isSilent ? [] : [{ name, status, results: mine }]
      })
    },
  )

/** What the results of a region come to, by the product's own rule. */
export const replay = (history: RegionHistory["results"]): string | null => {
  let state: RegionState | null = null
  for (const { slot, status } of history) {
    state = applyResult(state, { slot, status: decodeStatus(status) }, defaultConfirmation).state
  }
  return state === null ? null : state.status
}
