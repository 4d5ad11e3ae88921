import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { ProbeOutcome } from "@uptime/domain/Result"
import { Context, type Effect } from "effect"

/** Runs checks against their targets. */
export class Prober extends Context.Tag("@uptime/prober/Prober")<
  Prober,
  {
    /**
     * One try against a target, on a new connection, within the specification's total deadline. It never fails: whatever
     * happens is an outcome, and our own faults are `Unknown`. Interruption closes the connection.
     */
    readonly probe: (spec: CheckSpec) => Effect.Effect<ProbeOutcome>
  }
>() {}
