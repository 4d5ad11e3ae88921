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
