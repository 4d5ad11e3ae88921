import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import type { UserId } from "@uptime/domain/Ids"
import { Effect } from "effect"

/** An open incident of somebody's that began so many minutes ago, as the judge writes them; its id. */
export const insertIncident = (userId: UserId, title: string, minutesAgo = 10) =>
  Effect.flatMap(SqlClient, (sql) => {
    const id = randomUUID()
    return Effect.as(
      sql`
        INSERT INTO incidents (id, user_id, key, title, severity, started_at, noticed_at, tell_at, updated_at)
        SELECT ${id}, ${userId}, ${id}, ${title}, 'Down', began, began + interval '30 seconds', began, began
        FROM date_trunc('milliseconds', now() - make_interval(mins => ${minutesAgo}::int)) AS began`,
      id,
    )
  })
