import { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { Context, Effect, Layer } from "effect"
import { now } from "./MonitorPause.ts"
import { transaction } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** What monitors are gathered by. */
export type LabelKind = "tag" | "group"

/** What was renamed. */
export interface Renamed {
  readonly monitorIds: ReadonlyArray<MonitorId>
  readonly maintenanceCount: number
}

/** The tags and groups of an account's monitors, which maintenances name too. */
export class Labels extends Context.Tag("@uptime/persistence/Labels")<
  Labels,
  {
    /**
     * Gives a tag or group of the owner's another name on all monitors and in all maintenances, in one transaction. A tag keeps
     * its place; where the new name is there already, both become one.
     */
    readonly rename: (userId: UserId, kind: LabelKind, from: string, to: string) => Effect.Effect<Renamed, StoreError>
  }
>() {
  /** The tags and groups of a database. */
  static readonly layer: Layer.Layer<Labels, never, SqlClient> = Layer.effect(
    Labels,
    Effect.map(SqlClient, (sql) =>
      Labels.of({
        rename: Effect.fn("Labels.rename")(
          function* (userId, kind, from, to) {
            if (from === to) return { monitorIds: [], maintenanceCount: 0 }
            yield* sql`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`
            // Maintenances before monitors, as `applyWindows` has them; and these by their ids, as `lockMonitors` has them.
            const names = kind === "tag" ? "tags" : "group_names"
            const maintenances = yield* sql`
              UPDATE maintenances SET ${sql(names)} = ${renamed(sql, names, from, to)}, updated_at = ${now(sql)}
              WHERE user_id = ${userId} AND ${from} = ANY(${sql(names)}) RETURNING id`
            const has = kind === "tag" ? sql`${from} = ANY(tags)` : sql`group_name = ${from}`
            const monitors = yield* sql<{ readonly id: MonitorId }>`
              SELECT id FROM monitors WHERE user_id = ${userId} AND ${has} ORDER BY id FOR UPDATE`
            const monitorIds = monitors.map(({ id }) => id)
            yield* sql`
              UPDATE monitors SET updated_at = ${now(sql)},
                ${kind === "tag" ? sql`tags = ${renamed(sql, "tags", from, to)}` : sql`group_name = ${to}`}
              WHERE id = ANY(${monitorIds}::uuid[])`
            return { monitorIds, maintenanceCount: maintenances.length }
          },
          transaction(sql, "Labels.rename"),
        ),
      }),
    ),
  )
}

/** The names of a column with one of them changed, each once, in their order. */
const renamed = (sql: SqlClient, column: string, from: string, to: string) => sql`
  ARRAY(
    SELECT name FROM (
      SELECT CASE WHEN name = ${from} THEN ${to}::text ELSE name END AS name, n
      FROM unnest(${sql(column)}) WITH ORDINALITY AS given (name, n)
    ) AS changed
    GROUP BY name ORDER BY min(n)
  )`
