import { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorNotFound } from "@uptime/domain/Errors"
import type { MaintenanceId, UserId } from "@uptime/domain/Ids"
import { Context, Effect, Layer } from "effect"
import {
  type Maintenance,
  type MaintenanceCursor,
  MaintenanceNotFound,
  type MaintenanceSettings,
  type NoOpenWindow,
  type NothingCovered,
  type TooManyMaintenances,
} from "./Maintenance.ts"
import { applyWindows } from "./MaintenanceWindows.ts"
import {
  createMaintenance,
  endMaintenance,
  readMaintenances,
  removeMaintenance,
  updateMaintenance,
} from "./MaintenanceWrites.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** Planned maintenances. Every method that takes an owner sees nothing else. */
export class Maintenances extends Context.Tag("@uptime/persistence/Maintenances")<
  Maintenances,
  {
    /** Plans a maintenance over monitors of the owner's. */
    readonly create: (
      userId: UserId,
      settings: MaintenanceSettings,
    ) => Effect.Effect<Maintenance, TooManyMaintenances | MonitorNotFound | StoreError>
    /** The owner's maintenances, newest first, at most `limit`. */
    readonly list: (
      userId: UserId,
      limit: number,
      after: MaintenanceCursor | null,
    ) => Effect.Effect<ReadonlyArray<Maintenance>, StoreError>
    /** One maintenance. */
    readonly get: (userId: UserId, id: MaintenanceId) => Effect.Effect<Maintenance, MaintenanceNotFound | StoreError>
    /** Changes what is named; it stays to be over something. */
    readonly update: (
      userId: UserId,
      id: MaintenanceId,
      changes: Partial<MaintenanceSettings>,
    ) => Effect.Effect<Maintenance, MaintenanceNotFound | MonitorNotFound | NothingCovered | StoreError>
    /** Ends the window that is open, now. */
    readonly end: (
      userId: UserId,
      id: MaintenanceId,
    ) => Effect.Effect<Maintenance, MaintenanceNotFound | NoOpenWindow | StoreError>
    /** Forgets a maintenance; a window of it that is open ends. */
    readonly remove: (userId: UserId, id: MaintenanceId) => Effect.Effect<void, MaintenanceNotFound | StoreError>
    /**
     * Works out the windows that are open or next where that is not known any more, lays `Maintenance` over the monitors of
     * open ones, and takes it away from all others. Several processes take turns; how many monitors changed.
     */
    readonly apply: Effect.Effect<number, StoreError>
  }
>() {
  /** The maintenances of a database. */
  static readonly layer: Layer.Layer<Maintenances, never, SqlClient> = Layer.effect(
    Maintenances,
    Effect.map(SqlClient, (sql) => {
      const get = (userId: UserId, id: MaintenanceId) =>
        Effect.flatMap(readMaintenances(sql, userId, { id }, 1, null), ([found]) =>
          found === undefined ? Effect.fail(new MaintenanceNotFound({ id })) : Effect.succeed(found),
        )
      return Maintenances.of({
        create: Effect.fn("Maintenances.create")((userId, settings) =>
          createMaintenance(sql, userId, settings).pipe(transaction(sql, "Maintenances.create")),
        ),
        list: Effect.fn("Maintenances.list")(
          (userId, limit, after) => readMaintenances(sql, userId, {}, limit, after),
          failAs("Maintenances.list"),
        ),
        get: Effect.fn("Maintenances.get")(get, failAs("Maintenances.get")),
        update: Effect.fn("Maintenances.update")((userId, id, changes) =>
          Effect.flatMap(get(userId, id), (before) => updateMaintenance(sql, userId, before, changes)).pipe(
            transaction(sql, "Maintenances.update"),
          ),
        ),
        end: Effect.fn("Maintenances.end")((userId, id) =>
          Effect.flatMap(get(userId, id), (before) => endMaintenance(sql, userId, before)).pipe(
            transaction(sql, "Maintenances.end"),
          ),
        ),
        remove: Effect.fn("Maintenances.remove")(
          (userId, id) => removeMaintenance(sql, userId, id),
          failAs("Maintenances.remove"),
        ),
        apply: applyWindows(sql).pipe(transaction(sql, "Maintenances.apply"), Effect.withSpan("Maintenances.apply")),
      })
    }),
  )
}
