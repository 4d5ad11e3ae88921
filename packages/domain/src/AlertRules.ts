import { Schema } from "effect"
import { ChannelId, EscalationId } from "./Ids.ts"
import { MonitorStatus } from "./MonitorStatus.ts"

/** The most channels of one monitor, or of one step of an escalation. */
export const maxChannels = 20

/** What a monitor tells people of. */
export const AlertRules = Schema.Struct({
  /** The statuses that open an incident. */
  on: Schema.Array(MonitorStatus.pipe(Schema.filter((status) => status !== "Up" || "Up opens no incident"))).pipe(
    Schema.maxItems(4),
    Schema.filter((on) => new Set(on).size === on.length || "each status may be given once"),
  ),
  /** The channels it tells; null for the account's default channels, empty for none. */
  channels: Schema.NullOr(Schema.Array(ChannelId).pipe(Schema.maxItems(maxChannels))),
  escalationId: Schema.NullOr(EscalationId),
  /** Minutes between reminders while an incident is open and not acknowledged; null for none. */
  reminderMinutes: Schema.NullOr(Schema.Int.pipe(Schema.between(1, 10_080))),
  /** Whether it shares an incident with what fails together with it in its group. */
  fold: Schema.Boolean,
}).annotations({ identifier: "AlertRules" })
export type AlertRules = typeof AlertRules.Type
