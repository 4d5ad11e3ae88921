import { Schema } from "effect"

/** A user's id: a UUID. */
export const UserId = Schema.UUID.pipe(Schema.brand("UserId"))
export type UserId = typeof UserId.Type

/** A monitor's id: a UUID. */
export const MonitorId = Schema.UUID.pipe(Schema.brand("MonitorId"))
export type MonitorId = typeof MonitorId.Type

/** A stored result's id: a UUID. Its identity is (monitor, region, slot); this is a name for links. */
export const ResultId = Schema.UUID.pipe(Schema.brand("ResultId"))
export type ResultId = typeof ResultId.Type

/** An incident's id: a UUID. */
export const IncidentId = Schema.UUID.pipe(Schema.brand("IncidentId"))
export type IncidentId = typeof IncidentId.Type

/** The id of a channel that messages go to: a UUID. */
export const ChannelId = Schema.UUID.pipe(Schema.brand("ChannelId"))
export type ChannelId = typeof ChannelId.Type

/** The id of an escalation policy: a UUID. */
export const EscalationId = Schema.UUID.pipe(Schema.brand("EscalationId"))
export type EscalationId = typeof EscalationId.Type

/** The id of a planned maintenance: a UUID. */
export const MaintenanceId = Schema.UUID.pipe(Schema.brand("MaintenanceId"))
export type MaintenanceId = typeof MaintenanceId.Type

/** The id of a public status page: a UUID, which the public never sees. */
export const StatusPageId = Schema.UUID.pipe(Schema.brand("StatusPageId"))
export type StatusPageId = typeof StatusPageId.Type

/** The id of somebody who is told by a status page: a UUID. */
export const SubscriberId = Schema.UUID.pipe(Schema.brand("SubscriberId"))
export type SubscriberId = typeof SubscriberId.Type
