import type { SqlClient } from "@effect/sql/SqlClient"
import type { UserId } from "@uptime/domain/Ids"
import type { LabelCount } from "@uptime/domain/Report"
import { Effect } from "effect"

/** The most names that are listed. */
const maxLabels = 1_000

/** The tags or groups of an owner's monitors, with how many monitors of each status or overlay they have. */
export const readLabels = (sql: SqlClient, userId: UserId, kind: "tag" | "group") =>
  Effect.map(
    sql<Omit<LabelCount, "monitorCount"> & { readonly monitor_count: number }>`
      SELECT label AS name, count(*)::int AS monitor_count,
        (count(*) FILTER (WHERE shown = 'Up'))::int AS up,
        (count(*) FILTER (WHERE shown = 'Degraded'))::int AS degraded,
        (count(*) FILTER (WHERE shown = 'Partial'))::int AS partial,
        (count(*) FILTER (WHERE shown = 'Down'))::int AS down,
        (count(*) FILTER (WHERE shown = 'Unknown'))::int AS unknown,
        (count(*) FILTER (WHERE shown = 'Maintenance'))::int AS maintenance,
        (count(*) FILTER (WHERE shown = 'Unreachable'))::int AS unreachable
      FROM monitors LEFT JOIN monitor_status ON monitor_id = id AND location = '*',
        LATERAL (SELECT coalesce(overlay, status, 'Unknown') AS shown) AS state,
        unnest(${kind === "tag" ? sql.literal("tags") : sql.literal("ARRAY[group_name]")}) AS label
      WHERE user_id = ${userId} AND label IS NOT NULL
      GROUP BY label ORDER BY label LIMIT ${maxLabels}`,
    (rows) => rows.map(({ monitor_count: monitorCount, ...row }): LabelCount => ({ ...row, monitorCount })),
  )
