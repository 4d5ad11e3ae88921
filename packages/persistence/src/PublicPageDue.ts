import type { SqlClient } from "@effect/sql/SqlClient"
import type { StatusPageId } from "@uptime/domain/Ids"

/** How long ago a page may have been built, in seconds: days and means move by themselves. */
const maxAgeSeconds = 60

/**
 * How much longer than it is visible a change counts as new, in seconds: one that was written before a page was built, and
 * committed after, would be missed otherwise until the next minute.
 */
const overlapSeconds = 5

/** How many of the newest changes of status are looked at; what more there are the next minute's building sees. */
const recentChanges = 2_000

/**
 * The pages to build anew, those that were never built first, then the ones that were built longest ago.
 *
 * @param limit the most pages
 */
export const duePages = (sql: SqlClient, limit: number) => sql<{
  readonly id: StatusPageId
  readonly builtAt: Date | null
}>`
  WITH changed AS (
    SELECT page_id, noticed_at AS at
    FROM (SELECT monitor_id, noticed_at FROM status_changes ORDER BY id DESC LIMIT ${recentChanges}) AS change
    JOIN status_page_monitors USING (monitor_id)
    UNION ALL
    SELECT page.id, incident.updated_at FROM incidents AS incident JOIN status_pages AS page USING (user_id)
    WHERE incident.updated_at > now() - ${2 * maxAgeSeconds}::int * interval '1 second'
    UNION ALL
    SELECT page.id, maintenance.updated_at FROM maintenances AS maintenance JOIN status_pages AS page USING (user_id)
    WHERE maintenance.updated_at > now() - ${2 * maxAgeSeconds}::int * interval '1 second'
  )
  SELECT page.id, built_at AS "builtAt"
  FROM status_pages AS page LEFT JOIN public_pages AS built ON built.page_id = page.id
  WHERE built_at IS NULL OR built_at <= now() - ${maxAgeSeconds}::int * interval '1 second' OR page.updated_at > built_at
    OR EXISTS (
      SELECT FROM changed
      WHERE changed.page_id = page.id AND changed.at > built_at - ${overlapSeconds}::int * interval '1 second'
    )
  ORDER BY built_at NULLS FIRST, page.id LIMIT ${limit}`
