import { randomUUID } from "node:crypto"
import type { SqlClient } from "@effect/sql/SqlClient"
import type { IncidentId } from "@uptime/domain/Ids"
import type { IncidentUpdate } from "@uptime/domain/Incident"
import { Effect } from "effect"
import { plainArray, textArray } from "./PgArray.ts"

/** An entry to add to an incident's timeline. */
export interface NewUpdate {
  readonly incidentId: IncidentId
  readonly kind: IncidentUpdate["kind"]
  readonly body: string
  /** Null for what happened by itself; left out, it did. */
  readonly author?: string | null
  readonly isPublic?: boolean
}

/**
 * Adds entries to the timelines of incidents, in their order: each is a microsecond later than the one before, which nobody
 * sees and every list goes by.
 *
 * @param at milliseconds since the epoch
 * @returns their ids, in their order
 */
export const writeUpdates = Effect.fnUntraced(function* (
  sql: SqlClient,
  at: number,
  updates: ReadonlyArray<NewUpdate>,
) {
  if (updates.length === 0) return []
  const ids = updates.map(() => randomUUID())
  yield* sql`
    INSERT INTO incident_updates (id, incident_id, at, kind, author, body, is_public)
    SELECT id, incident_id, to_timestamp(${at}::float8 / 1000) + (ord - 1) * interval '1 microsecond', kind, author, body,
      is_public
    FROM unnest(${plainArray(ids, (id) => id)}::uuid[], ${plainArray(updates, ({ incidentId }) => incidentId)}::uuid[],
      ${textArray(updates, ({ kind }) => kind)}::text[], ${textArray(updates, ({ author }) => author ?? null)}::text[],
      ${textArray(updates, ({ body }) => body)}::text[],
      ${plainArray(updates, ({ isPublic }) => String(isPublic ?? false))}::boolean[])
      WITH ORDINALITY AS added (id, incident_id, kind, author, body, is_public, ord)`
  return ids
})
