import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { ProbeOutcome } from "@uptime/domain/Result"
import { Context, type Effect } from "effect"

/** Runs checks against their targets. */
export class Prober extends Context.Tag("@uptime/prober/Prober")<
  Prober,
  {
    /**
     * A check of a target, each try on a new connection, within the specification's total deadline. It never fails: whatever
     * happens is an outcome, and our own faults are `Unknown`. Interruption closes the connection.
     */
    readonly probe: (spec: CheckSpec) => Effect.Effect<ProbeOutcome>
    /**
     * The same for a person who tries a check out: one try and never a second, and all that was seen is kept: evidence also of
     * what ended `Up`, and each condition with what it looked at.
     */
    readonly probeOnce: (spec: CheckSpec) => Effect.Effect<ProbeOutcome>
  }
>() {}
