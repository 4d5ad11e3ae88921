import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Escalation, JudgedChannel, World } from "@uptime/incidents/World"
import { Effect } from "effect"
import { readJudgedMonitors } from "./JudgedMonitors.ts"
import { readOpenIncidents } from "./OpenIncidents.ts"

/**
 * The world of an owner, in the transaction that judges it, which holds the owner's lock. Read after the changes that are to
 * be judged, so that every status is at least as new as they are.
 *
 * @param now the database's clock, in milliseconds since the epoch
 * @param named the monitors that changed, or are to be looked at
 */
export const readWorld = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  now: number,
  named: ReadonlyArray<MonitorId>,
) {
  const incidents = yield* readOpenIncidents(sql, userId, now)
  const parts = incidents.flatMap((incident) => incident.parts.map(({ monitorId }) => monitorId))
  const monitors = yield* readJudgedMonitors(sql, userId, [...new Set([...named, ...parts])], now)
  const escalationIds = [...monitors.values()].flatMap(({ alerts }) => alerts.escalationId ?? [])
  const escalations =
    escalationIds.length === 0
      ? []
      : yield* sql<Escalation>`
            SELECT id, steps FROM escalations WHERE user_id = ${userId} AND id = ANY(${[...new Set(escalationIds)]}::uuid[])`
  const channels = yield* sql<JudgedChannel>`
    SELECT id, enabled, is_default AS "isDefault", quiet_hours AS "quietHours" FROM channels
    WHERE user_id = ${userId} AND deleted_at IS NULL`
  const world: World = {
    now,
    monitors,
    incidents,
    escalations: new Map(escalations.map((escalation) => [escalation.id, escalation])),
    channels: new Map(channels.map((channel) => [channel.id, channel])),
  }
  return world
})
