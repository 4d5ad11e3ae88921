import type { SqlClient } from "@effect/sql/SqlClient"
import type { UserId } from "@uptime/domain/Ids"
import type { Decision } from "@uptime/incidents/Decision"
import type { World } from "@uptime/incidents/World"
import { Effect } from "effect"
import { type DecisionsByTag, decisionsByTag } from "./DecisionsByTag.ts"
import { noteTold } from "./IncidentTelling.ts"
import { writeUpdates } from "./IncidentUpdates.ts"
import { writeIncidents } from "./IncidentWrites.ts"
import type { LoggedChange } from "./JudgedChanges.ts"
import { logOf } from "./JudgementLog.ts"
import { clearOverlay, setOverlay } from "./Overlays.ts"
import { plainArray } from "./PgArray.ts"
import { lockStates } from "./StateLocks.ts"

/**
 * Writes a judgement, in the transaction that holds the owner's lock. Everything but the overlays belongs to incidents, which
 * nobody locks before a status row: so monitors and their states come first (`StateLocks`), and what was decided of
 * incidents after them, in the order of the decisions.
 *
 * @param changes what was judged, which says what was seen
 */
export const writeDecisions = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  world: World,
  changes: ReadonlyArray<LoggedChange>,
  decisions: ReadonlyArray<Decision>,
) {
  const byTag = decisionsByTag(decisions)
  yield* writeMonitors(sql, byTag)
  const seenBy = yield* writeIncidents(sql, userId, world, changes, byTag)
  yield* noteTold(sql, byTag)
  yield* writeUpdates(sql, world.now, logOf(world, byTag, seenBy))
})

const writeMonitors = Effect.fnUntraced(function* (sql: SqlClient, { Flap, Overlay }: DecisionsByTag) {
  if (Flap.length === 0 && Overlay.length === 0) return
  const ids = [...Flap, ...Overlay].map(({ monitorId }) => monitorId)
  yield* sql`SELECT FROM monitors WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
  yield* lockStates(
    sql,
    Overlay.map(({ monitorId }) => monitorId),
  )
  yield* setOverlay(
    sql,
    "Unreachable",
    Overlay.filter(({ overlay }) => overlay !== null),
  )
  yield* clearOverlay(
    sql,
    Overlay.filter(({ overlay }) => overlay === null),
  )
  if (Flap.length === 0) return
  // The changes as JSON, since `unnest` flattens arrays of arrays.
  yield* sql`
    INSERT INTO monitor_flapping (monitor_id, changes, since)
    SELECT monitors.id,
      ARRAY(SELECT to_timestamp(value::float8 / 1000) FROM jsonb_array_elements_text(changes::jsonb) WITH ORDINALITY AS change (value, n) ORDER BY n),
      to_timestamp(since / 1000)
    FROM unnest(${plainArray(Flap, ({ monitorId }) => monitorId)}::uuid[],
      ${Flap.map(({ flapping }) => JSON.stringify(flapping.changes))}::text[],
      ${plainArray(Flap, ({ flapping }) => flapping.since)}::float8[]) AS flapping (monitor_id, changes, since)
      JOIN monitors ON monitors.id = monitor_id
    ON CONFLICT (monitor_id) DO UPDATE SET changes = excluded.changes, since = excluded.since`
})
