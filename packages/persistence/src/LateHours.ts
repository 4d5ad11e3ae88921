import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorStatus } from "@uptime/domain/MonitorStatus"
import type { NewResult } from "@uptime/domain/Result"
import { Effect } from "effect"
import { plainArray } from "./PgArray.ts"
import { rolledUpFrom } from "./Rollup.ts"
import type { RegionChanges } from "./StateMove.ts"

/**
 * Notes the hours that may have been rolled up without what a transaction writes: those of its late results, and all from
 * the first change of a location on. The last thing that the transaction does, and once: hours are locked in their order
 * (`StateLocks`). One that is noted already is locked too, so that it is rolled up after what is written here is there to
 * be seen.
 */
export const noteLateHours = (
  sql: SqlClient,
  results: ReadonlyArray<NewResult>,
  moved: ReadonlyArray<RegionChanges<MonitorStatus>>,
) => {
  const late = [
    ...results.map(({ monitorId, slot }) => ({ monitorId, from: slot, to: slot })),
    ...moved.flatMap(({ changes: [change], monitorId }) =>
      change === undefined ? [] : [{ monitorId, from: change.at, to: null }],
    ),
  ]
  if (late.length === 0) return Effect.void
  return sql`
    INSERT INTO rollup_dirty (hour, monitor_id)
    SELECT DISTINCT hour, monitor_id
    FROM unnest(${plainArray(late, ({ monitorId }) => monitorId)}::uuid[], ${plainArray(late, ({ from }) => from)}::float8[],
      ${plainArray(late, ({ to }) => to)}::float8[]) AS late (monitor_id, first_ms, last_ms),
      generate_series(date_trunc('hour', to_timestamp(first_ms / 1000), 'UTC'),
        least(to_timestamp(last_ms / 1000), ${sql.literal(rolledUpFrom)} - interval '1 hour'), interval '1 hour') AS hour
    ORDER BY hour, monitor_id
    ON CONFLICT (hour, monitor_id) DO UPDATE SET hour = excluded.hour`
}
