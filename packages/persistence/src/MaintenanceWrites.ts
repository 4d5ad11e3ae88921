import { randomUUID } from "node:crypto"
import type { SqlClient } from "@effect/sql/SqlClient"
import { MonitorNotFound } from "@uptime/domain/Errors"
import { MaintenanceId, type MonitorId, type UserId } from "@uptime/domain/Ids"
import { MaintenancePlan } from "@uptime/incidents/MaintenancePlan"
import { endWindow } from "@uptime/incidents/MaintenanceSchedule"
import { Effect, Schema } from "effect"
import {
  type Maintenance,
  type MaintenanceCursor,
  MaintenanceNotFound,
  type MaintenanceSettings,
  maxMaintenances,
  NoOpenWindow,
  NothingCovered,
  TooManyMaintenances,
} from "./Maintenance.ts"

interface MaintenanceRow {
  readonly id: MaintenanceId
  readonly title: string
  readonly description: string
  readonly plan: unknown
  readonly monitor_ids: ReadonlyArray<MonitorId>
  readonly tags: ReadonlyArray<string>
  readonly group_names: ReadonlyArray<string>
  readonly is_public: boolean
  readonly created_at: Date
  readonly updated_at: Date
}

const encodePlan = Schema.encodeSync(Schema.parseJson(MaintenancePlan))
const decodePlan = Schema.decodeUnknownSync(MaintenancePlan)

/** A stored plan. */
export const planOf = (stored: unknown): MaintenancePlan => decodePlan(stored)

const maintenanceOf = (row: MaintenanceRow): Maintenance => ({
  id: row.id,
  title: row.title,
  description: row.description,
  plan: planOf(row.plan),
  monitorIds: row.monitor_ids,
  tags: row.tags,
  groups: row.group_names,
  isPublic: row.is_public,
  createdAt: row.created_at.getTime(),
  updatedAt: row.updated_at.getTime(),
})

/** An owner's maintenances, newest first. */
export const readMaintenances = (
  sql: SqlClient,
  userId: UserId,
  { id }: { readonly id?: MaintenanceId },
  limit: number,
  after: MaintenanceCursor | null,
) => {
  const conditions = [sql`user_id = ${userId}`]
  if (id !== undefined) conditions.push(sql`id = ${id}`)
  if (after !== null) {
    conditions.push(sql`(created_at, id) < (to_timestamp(${after.createdAt}::float8 / 1000), ${after.id}::uuid)`)
  }
  return Effect.map(
    sql<MaintenanceRow>`
      SELECT * FROM maintenances WHERE ${sql.and(conditions)} ORDER BY created_at DESC, id DESC LIMIT ${limit}`,
    (rows) => rows.map(maintenanceOf),
  )
}

/** Plans a maintenance; its windows are worked out by the next `applyWindows`. */
export const createMaintenance = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  settings: MaintenanceSettings,
) {
  // Plans of one account take turns, so that the count holds until the end of the transaction.
  yield* sql`SELECT FROM users WHERE id = ${userId} FOR UPDATE`
  const [count] = yield* sql<{ readonly n: number }>`
    SELECT count(*)::int AS n FROM maintenances WHERE user_id = ${userId}`
  if ((count?.n ?? 0) >= maxMaintenances) return yield* new TooManyMaintenances({ limit: maxMaintenances })
  yield* assertOwned(sql, userId, settings.monitorIds)
  const [row] = yield* sql<MaintenanceRow>`
    INSERT INTO maintenances (id, user_id, title, description, plan, monitor_ids, tags, group_names, is_public,
      window_starts_at, window_ends_at, created_at, updated_at)
    VALUES (${MaintenanceId.make(randomUUID())}, ${userId}, ${settings.title}, ${settings.description},
      ${encodePlan(settings.plan)}::jsonb, ${settings.monitorIds}::uuid[], ${settings.tags}::text[],
      ${settings.groups}::text[], ${settings.isPublic}, '-infinity', '-infinity',
      date_trunc('milliseconds', now()), date_trunc('milliseconds', now()))
    RETURNING *`
  return row === undefined ? yield* Effect.dieMessage("no maintenance was made") : maintenanceOf(row)
})

/** Gives a maintenance its new settings; its windows are worked out anew. */
export const updateMaintenance = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  before: Maintenance,
  changes: Partial<MaintenanceSettings>,
) {
  if (changes.monitorIds !== undefined) yield* assertOwned(sql, userId, changes.monitorIds)
  const next = { ...before, ...changes }
  // One whose tags and groups are gone, which is over nothing already, may be given another title all the same.
  const isNarrowed = sizeOf(next) === 0 && sizeOf(before) > 0
  if (isNarrowed) return yield* new NothingCovered({ id: before.id })
  return yield* writeMaintenance(sql, userId, next)
})

/** How many things a maintenance names that it is over. */
const sizeOf = ({ groups, monitorIds, tags }: MaintenanceSettings): number =>
  groups.length + monitorIds.length + tags.length

const writeMaintenance = Effect.fnUntraced(function* (sql: SqlClient, userId: UserId, next: Maintenance) {
  const [row] = yield* sql<MaintenanceRow>`
    UPDATE maintenances SET title = ${next.title}, description = ${next.description},
      plan = ${encodePlan(next.plan)}::jsonb, monitor_ids = ${next.monitorIds}::uuid[], tags = ${next.tags}::text[],
      group_names = ${next.groups}::text[], is_public = ${next.isPublic}, window_starts_at = '-infinity',
      window_ends_at = '-infinity', updated_at = date_trunc('milliseconds', now())
    WHERE id = ${next.id} AND user_id = ${userId}
    RETURNING *`
  return row === undefined ? yield* new MaintenanceNotFound({ id: next.id }) : maintenanceOf(row)
})

/** Ends the window that is open. */
export const endMaintenance = Effect.fnUntraced(function* (sql: SqlClient, userId: UserId, before: Maintenance) {
  const [clock] = yield* sql<{ readonly now: number }>`SELECT floor(date_part('epoch', now()) * 1000) AS now`
  const plan = endWindow(before.plan, clock?.now ?? 0)
  if (plan === before.plan) return yield* new NoOpenWindow({ id: before.id })
  return yield* writeMaintenance(sql, userId, { ...before, plan })
})

/** Forgets a maintenance. */
export const removeMaintenance = (sql: SqlClient, userId: UserId, id: MaintenanceId) =>
  Effect.flatMap(sql`DELETE FROM maintenances WHERE id = ${id} AND user_id = ${userId} RETURNING id`, (rows) =>
    rows.length === 0 ? Effect.fail(new MaintenanceNotFound({ id })) : Effect.void,
  )

const assertOwned = Effect.fnUntraced(function* (sql: SqlClient, userId: UserId, ids: ReadonlyArray<MonitorId>) {
  if (ids.length === 0) return
  const owned = yield* sql<{ readonly id: MonitorId }>`
    SELECT id FROM monitors WHERE user_id = ${userId} AND id = ANY(${ids}::uuid[])`
  const known = new Set(owned.map(({ id }) => id.toLowerCase()))
  const missing = ids.find((id) => !known.has(id.toLowerCase()))
  if (missing !== undefined) yield* MonitorNotFound.for(missing)
})
