import { SqlClient } from "@effect/sql/SqlClient"
import { changeMonitor } from "@uptime/conditions/ChangeMonitor"
import type { CheckKind } from "@uptime/domain/CheckKind"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { MonitorNotFound } from "@uptime/domain/Errors"
import type { EscalationId, MonitorId, UserId } from "@uptime/domain/Ids"
import { checkSpec, type Monitor, type MonitorSettings } from "@uptime/domain/Monitor"
import type { MonitorChanges, SettingsIssue } from "@uptime/domain/MonitorChanges"
import type { MonitorOverview } from "@uptime/domain/MonitorOverview"
import type { MonitorStatus } from "@uptime/domain/MonitorStatus"
import { traced } from "@uptime/runtime/Traced"
import { Context, Data, Effect, Either, Layer } from "effect"
import { endHold, secondSlot } from "./FirstCheckHold.ts"
import { LeanReads } from "./LeanReads.ts"
import { type ListedMonitor, listedBefore, readListed } from "./MonitorListing.ts"
import { readOverview } from "./MonitorReads.ts"
import { assertNoCycle, assertReferences, type ParentCycle, type ReferenceNotFound } from "./MonitorReferences.ts"
import { type MonitorRow, monitorOf, settingsOf } from "./MonitorRows.ts"
import { readSummaries } from "./MonitorSummaries.ts"
import {
  deleteMonitors,
  insertMonitors,
  lockMonitors,
  lockMonitorsToDelete,
  lockPlanned,
  type PlannedChanges,
  updateMonitors,
} from "./MonitorWrites.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** The owner has as many monitors as one account may have. */
export class TooManyMonitors extends Data.TaggedError("TooManyMonitors")<{ readonly limit: number }> {}

/** Changes cannot be made to monitors as they are: all of these. `index` is the place of each in what was given. */
export class ChangesRefused extends Data.TaggedError("ChangesRefused")<{
  readonly refused: ReadonlyArray<{ readonly index: number; readonly issues: ReadonlyArray<SettingsIssue> }>
}> {}

/** Why changes are not made. */
export type ChangeError = MonitorNotFound | ChangesRefused | ReferenceNotFound | ParentCycle

/** Where a list of monitors goes on: after this one, newest first. Milliseconds since the epoch. */
export interface MonitorCursor {
  readonly createdAt: number
  readonly id: MonitorId
}

/** Which monitors a list shows; `text` matches name or URL, in any case, as a plain substring. */
export interface MonitorFilter {
  readonly status?: MonitorStatus | undefined
  readonly kind?: CheckKind | undefined
  readonly text?: string | undefined
  readonly tag?: string | undefined
  readonly group?: string | undefined
  /** Those that this policy is for. */
  readonly escalationId?: EscalationId | undefined
}

/** A monitor with what its checks are told, the version of that, and its first slot (milliseconds since the epoch). */
export interface CreatedMonitor {
  readonly monitor: Monitor
  readonly spec: CheckSpec
  readonly configVersion: number
  readonly firstSlot: number
}

/** One change of a bulk call, applied to one monitor. */
export interface MonitorChange {
  readonly id: MonitorId
  readonly settings: MonitorChanges
}

/** The most monitors that one account may have. */
export const maxMonitorsPerUser = 200_000

/**
 * The monitors. Every method takes the owner and sees nothing else: a foreign id answers exactly like an unknown one.
 *
 * A change of `url`, `timeoutMs` or what its checks are told raises the configuration's version; a change of
 * `intervalSeconds` or turning a monitor on makes it due now. Turning it off records `Paused` from then on. Heartbeats are
 * never due. What settings refer to must be the owner's own, and no monitor may lie behind itself.
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
    ) => Effect.Effect<ReadonlyArray<CreatedMonitor>, TooManyMonitors | ReferenceNotFound | StoreError>
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
    /**
     * The owner's monitors, newest first, with what is known of each as the JSON of a `MonitorOverview`; at most `limit`. The
     * very array as before, while nothing of it has changed.
     */
    readonly list: (
      userId: UserId,
      filter: MonitorFilter,
      limit: number,
      after: MonitorCursor | null,
    ) => Effect.Effect<ReadonlyArray<ListedMonitor>, StoreError>
    /** All of the owner's monitors, newest first, as the JSON text of a list of `MonitorSummary`. */
    readonly summaries: (userId: UserId) => Effect.Effect<string, StoreError>
    /** One monitor with what is known of it. */
    readonly get: (userId: UserId, id: MonitorId) => Effect.Effect<MonitorOverview, MonitorNotFound | StoreError>
    /** What is set on one monitor, with its secrets as they are sealed. */
    readonly settings: (userId: UserId, id: MonitorId) => Effect.Effect<MonitorSettings, MonitorNotFound | StoreError>
    /** Fails unless the owner has this monitor. */
    readonly assertOwned: (userId: UserId, id: MonitorId) => Effect.Effect<void, MonitorNotFound | StoreError>
    /**
     * Locks what several of these methods are about to delete or change in one transaction: belongs at its beginning, so
     * that its locks are taken in one order (`StateLocks`). Monitors that the owner does not have are passed over.
     */
    readonly lock: (userId: UserId, planned: PlannedChanges) => Effect.Effect<void, StoreError>
    /** Applies changes, all or none; fails with the first that cannot be made. */
    readonly update: (
      userId: UserId,
      changes: ReadonlyArray<MonitorChange>,
    ) => Effect.Effect<ReadonlyArray<Monitor>, ChangeError | StoreError>
    /**
     * Deletes monitors with their status, all or none: they are parents of none, and have no part in open incidents any
     * more. Their results, intervals and rollups are gone from every answer at
     * once and from the tables soon after (`Housekeeping.purgeDeleted`).
     */
    readonly remove: (
      userId: UserId,
      ids: ReadonlyArray<MonitorId>,
    ) => Effect.Effect<void, MonitorNotFound | StoreError>
  }
>() {
  /** The monitors of a database. */
  static readonly layer: Layer.Layer<Monitors, never, SqlClient | LeanReads> = Layer.effect(
    Monitors,
    Effect.map(Effect.all([SqlClient, LeanReads]), ([sql, reads]) => {
      const before = listedBefore()
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
            yield* assertReferences(
              sql,
              userId,
              settings.map((given) => ({ before: null, settings: given })),
            )
            return yield* insertMonitors(sql, userId, settings)
          }).pipe(
            transaction(sql, "Monitors.create"),
            Effect.map((rows) =>
              rows.map((row) => ({
                monitor: monitorOf(row),
                spec: checkSpec(settingsOf(row)),
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

        list: traced("Monitors.list", (userId, filter, limit, after) =>
          failAs("Monitors.list")(readListed(sql, reads, before, userId, filter, limit, after)),
        ),

        summaries: Effect.fn("Monitors.summaries")(
          (userId) => readSummaries(sql, userId),
          failAs("Monitors.summaries"),
        ),

        get: Effect.fn("Monitors.get")(function* (userId, id) {
          return (yield* readOverview(sql, userId, id)) ?? (yield* MonitorNotFound.for(id))
        }, failAs("Monitors.get")),

        settings: Effect.fn("Monitors.settings")(function* (userId, id) {
          const [row] = yield* sql<MonitorRow>`SELECT * FROM monitors WHERE id = ${id} AND user_id = ${userId}`
          return row === undefined ? yield* MonitorNotFound.for(id) : settingsOf(row)
        }, failAs("Monitors.settings")),

        assertOwned: Effect.fn("Monitors.assertOwned")(find, failAs("Monitors.assertOwned")),

        lock: Effect.fn("Monitors.lock")(
          (userId, planned) => lockPlanned(sql, userId, planned),
          failAs("Monitors.lock"),
        ),

        update: Effect.fn("Monitors.update")(function* (userId, changes) {
          return yield* Effect.gen(function* () {
            const before = yield* lockMonitors(
              sql,
              userId,
              changes.map(({ id }) => id),
            )
            const settings = new Map<MonitorId, MonitorSettings>()
            const refused: Array<ChangesRefused["refused"][number]> = []
            for (const [index, change] of changes.entries()) {
              const row = before.get(change.id)
              if (row === undefined) return yield* MonitorNotFound.for(change.id)
              Either.match(changeMonitor(settings.get(change.id) ?? settingsOf(row), change.settings), {
                onLeft: (issues) => void refused.push({ index, issues }),
                onRight: (next) => void settings.set(change.id, next),
              })
            }
            if (refused.length > 0) return yield* new ChangesRefused({ refused })
            const changed = changes.flatMap(({ id, settings: given }, index) => {
              const row = before.get(id)
              const next = settings.get(id)
              return row === undefined || next === undefined ? [] : [{ id, index, given, before: row, settings: next }]
            })
            yield* assertReferences(
              sql,
              userId,
              changed.map((change) => ({ before: settingsOf(change.before), settings: change.settings })),
            )
            // One that is named twice is written once.
            const after = yield* updateMonitors(sql, userId, [
              ...new Map(changed.map((change) => [change.id, change])).values(),
            ])
            yield* assertNoCycle(
              sql,
              changed.filter(({ given }) => given.parents !== undefined),
            )
            return changes.flatMap(({ id }) => {
              const row = after.get(id)
              return row === undefined ? [] : [monitorOf(row)]
            })
          }).pipe(transaction(sql, "Monitors.update"))
        }),

        remove: Effect.fn("Monitors.remove")(function* (userId, ids) {
          yield* Effect.gen(function* () {
            const found = yield* lockMonitorsToDelete(sql, userId, ids)
            const missing = ids.find((id) => !found.includes(id))
            if (missing !== undefined) return yield* MonitorNotFound.for(missing)
            yield* deleteMonitors(sql, userId, found)
          }).pipe(transaction(sql, "Monitors.remove"))
        }),
      })
    }),
  )
}
