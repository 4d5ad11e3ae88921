import type { SqlClient } from "@effect/sql/SqlClient"
import { defaultGraceSeconds } from "@uptime/incidents/HeartbeatSchedule"
import { Effect } from "effect"

/** From how long a silence of all apis on, as PostgreSQL writes it, pings may have been lost. */
const longestSilence = "15 seconds"

/** Whether pings are taken now: what nobody can tell us is not missed. */
export const takesPings = `EXISTS (SELECT FROM ping_intake WHERE seen_at > now() - interval '${longestSilence}')`

/**
 * Notes that pings are taken. After a time in which none were, every heartbeat that was expected within it is planned as if it
 * were turned on now: its ping may have been lost, and its job need not send it again before its next run. How many those are.
 */
export const notePingIntake = (sql: SqlClient) =>
  Effect.gen(function* () {
    const anew = yield* sql`
      WITH silence AS MATERIALIZED (
        SELECT seen_at AS began FROM ping_intake FOR UPDATE
      ), noted AS (
        UPDATE ping_intake SET seen_at = greatest(seen_at, now()) FROM silence
      )
      UPDATE heartbeats SET plan_version = 0 FROM monitors, silence
      WHERE monitors.id = monitor_id AND began <= now() - interval '${sql.literal(longestSilence)}' AND deadline_at >= began
        AND deadline_at - make_interval(secs => coalesce((spec->'heartbeat'->>'graceSeconds')::int, ${defaultGraceSeconds}::int))
          <= now()
      RETURNING monitor_id`
    return anew.length
  })
