import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"

/**
 * Has the judge look at the open incidents of monitors at once: for what happens to a monitor without a change of its
 * status, such as a maintenance or its end. After every lock on a status row (`StateLocks`).
 */
export const wakeJudge = (sql: SqlClient, monitorIds: ReadonlyArray<MonitorId>) => sql`
  UPDATE incidents SET look_at = date_trunc('milliseconds', clock_timestamp())
  WHERE resolved_at IS NULL AND id IN (
    SELECT incident_id FROM incident_monitors WHERE monitor_id = ANY(${monitorIds}::uuid[]) AND ended_at IS NULL
  )`
