import { Schema } from "effect"

/** What lies over a monitor's status: while it does, nothing is told and no downtime counts. */
export const Overlay = Schema.Literal("Maintenance", "Unreachable").annotations({ identifier: "Overlay" })
export type Overlay = typeof Overlay.Type
