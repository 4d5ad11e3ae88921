import type { SqlClient } from "@effect/sql/SqlClient"
import { defaultGraceSeconds } from "@uptime/incidents/HeartbeatSchedule"
import { Effect } from "effect"

/** From how long a silence of all apis on, as PostgreSQL writes it, pings may have been lost. */
const longestSilence = "15 seconds"

/** Whether pings are taken now: what nobody can tell us is not missed. */
export const takesPings = `EXISTS (SELECT FROM ping_intake WHERE seen_at > now() - interval '${longestSilence}')`

/**
 * Notes that pings are taken. After a time in which none were, every heartbeat that was expected within it, or whose grace ended
 * in it, is planned as if it were turned on now: its ping may have been lost, and its job need not send it again before its next
 * run. One that was late before has what is left of its grace. How many were planned anew.
 */
export const notePingIntake = Effect.fnUntraced(function* (sql: SqlClient) {
  const anew = yield* sql`
    WITH silence AS MATERIALIZED (
      SELECT seen_at AS began FROM ping_intake FOR UPDATE
    ), noted AS (
      INSERT INTO ping_intake (id, seen_at) VALUES (true, now())
      ON CONFLICT (id) DO UPDATE SET seen_at = greatest(ping_intake.seen_at, now())
    ), expected AS MATERIALIZED (
      SELECT monitor_id, deadline_at AS until,
        deadline_at - make_interval(secs => coalesce((spec->'heartbeat'->>'graceSeconds')::int, ${defaultGraceSeconds}::int)) AS at
      FROM heartbeats JOIN monitors ON monitors.id = monitor_id, silence
      WHERE began <= now() - interval '${sql.literal(longestSilence)}' AND deadline_at >= began
    )
    UPDATE heartbeats SET plan_version = 0 FROM expected, silence
    WHERE expected.monitor_id = heartbeats.monitor_id AND (at BETWEEN began AND now() OR until <= now())
    RETURNING heartbeats.monitor_id`
  return anew.length
})
