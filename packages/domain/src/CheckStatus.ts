import { Schema } from "effect"

/**
 * What one check is said to be. `Degraded` is up, but not as well as it should be: a condition of that severity failed.
 * `Unknown` means that nothing was measured: a fault of ours, a target that policy refuses, or no data; it is neither
 * uptime nor downtime.
 */
export const CheckStatus = Schema.Literal("Up", "Degraded", "Down", "Unknown")
export type CheckStatus = typeof CheckStatus.Type
