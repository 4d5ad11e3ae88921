import { SqlClient } from "@effect/sql/SqlClient"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import { MonitorNotFound } from "@uptime/domain/Errors"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Monitor, MonitorSettings } from "@uptime/domain/Monitor"
import type { MonitorOverview } from "@uptime/domain/MonitorOverview"
import { Context, Data, Effect, Layer } from "effect"
import { endHold, secondSlot } from "./FirstCheckHold.ts"
import { readOverviews } from "./MonitorReads.ts"
import { monitorOf } from "./MonitorRows.ts"
import { insertMonitors, lockMonitors, settingsOf, updateMonitors } from "./MonitorWrites.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import { lockStates } from "./StateLocks.ts"
import type { StoreError } from "./StoreError.ts"

/** The owner has as many monitors as one account may have. */
export class TooManyMonitors extends Data.TaggedError("TooManyMonitors")<{ readonly limit: number }> {}

/** Where a list of monitors goes on: after this one, newest first. Milliseconds since the epoch. */
export interface MonitorCursor {
  readonly createdAt: number
  readonly id: MonitorId
}

/** Which monitors a list shows; `text` matches name or URL, in any case, as a plain substring. */
export interface MonitorFilter {
  readonly status?: CheckStatus | undefined
  readonly text?: string | undefined
  readonly tag?: string | undefined
}

/** A monitor with the version of its configuration and its first slot (milliseconds since the epoch). */
export interface CreatedMonitor {
  readonly monitor: Monitor
  readonly configVersion: number
  readonly firstSlot: number
}

/** One change of a bulk call, applied to one monitor. */
export interface MonitorChange {
  readonly id: MonitorId
  readonly settings: Partial<MonitorSettings>
}

/** The most monitors that one account may have. */
export const maxMonitorsPerUser = 200_000

/**
 * The monitors. Every method takes the owner and sees nothing else: a foreign id answers exactly like an unknown one.
 *
 * A change of `url` or `timeoutMs` raises the configuration's version; a change of `intervalSeconds` or turning a monitor
 * on makes it due now. Turning it off records `Paused` from then on.
 */
export class Monitors extends Context.Tag("@uptime/persistence/Monitors")<
  Monitors,
  {
    /**
     * Stores monitors, all or none. They are the caller's to publish for five seconds, and then due. Instants are the
     * database's. The quota is decided in the same transaction.
     */
    readonly create: (
      userId: UserId,
      settings: ReadonlyArray<MonitorSettings>,
    ) => Effect.Effect<ReadonlyArray<CreatedMonitor>, TooManyMonitors | StoreError>
    /**
     * Notes that the first jobs of these monitors are on the stream: moves them on to the next point of their grid. One
     * that is the caller's no more, since a producer has claimed it or its owner has changed it, is left alone.
     */
    readonly markPublished: (created: ReadonlyArray<CreatedMonitor>) => Effect.Effect<void, StoreError>
    /**
     * Hands these monitors over to the producers at once: due since their first slot, which is published by them. One that is
     * the caller's no more is left alone.
     */
    readonly leaveToProducer: (created: ReadonlyArray<CreatedMonitor>) => Effect.Effect<void, StoreError>
    /** The owner's monitors, newest first, with what is known of each; at most `limit`. */
    readonly list: (
      userId: UserId,
      filter: MonitorFilter,
      limit: number,
      after: MonitorCursor | null,
    ) => Effect.Effect<ReadonlyArray<MonitorOverview>, StoreError>
    /** One monitor with what is known of it. */
    readonly get: (userId: UserId, id: MonitorId) => Effect.Effect<MonitorOverview, MonitorNotFound | StoreError>
    /** Fails unless the owner has this monitor. */
    readonly assertOwned: (userId: UserId, id: MonitorId) => Effect.Effect<void, MonitorNotFound | StoreError>
    /** Applies changes, all or none; fails with the first id that is not the owner's. */
    readonly update: (
      userId: UserId,
      changes: ReadonlyArray<MonitorChange>,
    ) => Effect.Effect<ReadonlyArray<Monitor>, MonitorNotFound | StoreError>
    /**
     * Deletes monitors with their status, all or none; their results, intervals and rollups are gone from every answer at
     * once and from the tables soon after (`Housekeeping.purgeDeleted`).
     */
    readonly remove: (
      userId: UserId,
      ids: ReadonlyArray<MonitorId>,
    ) => Effect.Effect<void, MonitorNotFound | StoreError>
  }
>() {
  /** The monitors of a database. */
  static readonly layer: Layer.Layer<Monitors, never, SqlClient> = Layer.effect(
    Monitors,
    Effect.map(SqlClient, (sql) => {
      const find = (userId: UserId, id: MonitorId) =>
        Effect.flatMap(sql`SELECT FROM monitors WHERE id = ${id} AND user_id = ${userId}`, (rows) =>
          rows.length > 0 ? Effect.void : Effect.fail(MonitorNotFound.for(id)),
        )
      return Monitors.of({
        create: Effect.fn("Monitors.create")(function* (userId, settings) {
          return yield* Effect.gen(function* () {
            // Creations of one account take turns here, so that the count holds until the end of the transaction.
            const [owner] = yield* sql<{ readonly monitor_count: number }>`
              UPDATE users SET monitor_count = monitor_count + ${settings.length}::int WHERE id = ${userId}
              RETURNING monitor_count`
            if (owner !== undefined && owner.monitor_count > maxMonitorsPerUser) {
              return yield* new TooManyMonitors({ limit: maxMonitorsPerUser })
            }
            return yield* insertMonitors(sql, userId, settings)
          }).pipe(
            transaction(sql, "Monitors.create"),
            Effect.map((rows) =>
              rows.map((row) => ({
                monitor: monitorOf(row),
                configVersion: row.config_version,
                firstSlot: row.created_at.getTime(),
              })),
            ),
          )
        }),

        markPublished: Effect.fn("Monitors.markPublished")(
          (created) => Effect.asVoid(endHold(sql, created, secondSlot)),
          failAs("Monitors.markPublished"),
        ),

        leaveToProducer: Effect.fn("Monitors.leaveToProducer")(
          (created) => Effect.asVoid(endHold(sql, created, ({ firstSlot }) => firstSlot)),
          failAs("Monitors.leaveToProducer"),
        ),

        list: Effect.fn("Monitors.list")(
          (userId, filter, limit, after) => readOverviews(sql, userId, filter, limit, after),
          failAs("Monitors.list"),
        ),

        get: Effect.fn("Monitors.get")(function* (userId, id) {
          const [overview] = yield* readOverviews(sql, userId, { id }, 1, null)
          return overview ?? (yield* MonitorNotFound.for(id))
        }, failAs("Monitors.get")),

        assertOwned: Effect.fn("Monitors.assertOwned")(find, failAs("Monitors.assertOwned")),

        update: Effect.fn("Monitors.update")(function* (userId, changes) {
          return yield* Effect.gen(function* () {
            const before = yield* lockMonitors(
              sql,
              userId,
              changes.map(({ id }) => id),
            )
            const settings = new Map<MonitorId, MonitorSettings>()
            for (const change of changes) {
              const row = before.get(change.id)
              if (row === undefined) return yield* MonitorNotFound.for(change.id)
              settings.set(change.id, merged(settings.get(change.id) ?? settingsOf(row), change.settings))
            }
            const changed = [...before].flatMap(([id, row]) => {
              const next = settings.get(id)
              return next === undefined ? [] : [{ before: row, settings: next }]
            })
            const after = yield* updateMonitors(sql, changed)
            return changes.flatMap(({ id }) => {
              const row = after.get(id)
              return row === undefined ? [] : [monitorOf(row)]
            })
          }).pipe(transaction(sql, "Monitors.update"))
        }),

        remove: Effect.fn("Monitors.remove")(function* (userId, ids) {
          yield* Effect.gen(function* () {
            const found = yield* lockMonitors(sql, userId, ids)
            const missing = ids.find((id) => !found.has(id))
            if (missing !== undefined) return yield* MonitorNotFound.for(missing)
            yield* sql`
              INSERT INTO monitor_deletions (monitor_id, deleted_at)
              SELECT DISTINCT id, now() FROM unnest(${ids}::uuid[]) AS id`
            yield* lockStates(sql, ids)
            yield* sql`DELETE FROM status_changes WHERE monitor_id = ANY(${ids}::uuid[])`
            yield* sql`DELETE FROM monitors WHERE id = ANY(${ids}::uuid[])`
            yield* sql`UPDATE users SET monitor_count = monitor_count - ${found.size}::int WHERE id = ${userId}`
          }).pipe(transaction(sql, "Monitors.remove"))
        }),
      })
    }),
  )
}

/** Settings with the ones that a change names; one that is named as undefined is not named. */
const merged = (settings: MonitorSettings, change: Partial<MonitorSettings>): MonitorSettings => ({
  name: change.name ?? settings.name,
  url: change.url ?? settings.url,
  intervalSeconds: change.intervalSeconds ?? settings.intervalSeconds,
  timeoutMs: change.timeoutMs ?? settings.timeoutMs,
  enabled: change.enabled ?? settings.enabled,
  tags: change.tags ?? settings.tags,
})
