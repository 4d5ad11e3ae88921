import type { MaintenanceId, MonitorId } from "@uptime/domain/Ids"
import type { MaintenancePlan } from "@uptime/incidents/MaintenancePlan"
import { Data } from "effect"

/** There is no such maintenance among those of the person who asks. */
export class MaintenanceNotFound extends Data.TaggedError("MaintenanceNotFound")<{ readonly id: MaintenanceId }> {}

/** No window of the maintenance is open: there is nothing to end. */
export class NoOpenWindow extends Data.TaggedError("NoOpenWindow")<{ readonly id: MaintenanceId }> {}

/** The maintenance would be over nothing: no monitor, tag or group. */
export class NothingCovered extends Data.TaggedError("NothingCovered")<{ readonly id: MaintenanceId }> {}

/** The account has as many maintenances as one account may have. */
export class TooManyMaintenances extends Data.TaggedError("TooManyMaintenances")<{ readonly limit: number }> {}

/** The most maintenances of one account. */
export const maxMaintenances = 500

/** What may be set on a maintenance. It is over the monitors that are named, and all that have one of the tags or groups. */
export interface MaintenanceSettings {
  readonly title: string
  readonly description: string
  readonly plan: MaintenancePlan
  readonly monitorIds: ReadonlyArray<MonitorId>
  readonly tags: ReadonlyArray<string>
  readonly groups: ReadonlyArray<string>
  readonly isPublic: boolean
}

/** A maintenance; instants in milliseconds since the epoch. */
export interface Maintenance extends MaintenanceSettings {
  readonly id: MaintenanceId
  readonly createdAt: number
  readonly updatedAt: number
}

/** Where a list of maintenances goes on: after this one, newest first. Milliseconds since the epoch. */
export interface MaintenanceCursor {
  readonly createdAt: number
  readonly id: MaintenanceId
}
