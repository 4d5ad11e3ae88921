import { secondTryAfterMs } from "@uptime/domain/CheckDuration"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { ProbeOutcome } from "@uptime/domain/Result"
import { Effect } from "effect"
import { asSecondTry, isUnreached } from "./ProbeRun.ts"

/**
 * A probe that tries once more, a second later, where it did not reach its target: a lost packet or a server that restarts
 * is no outage. The second try has a deadline of its own, and what it finds is what counts. Nothing else is tried again: a
 * target that was reached has shown how it is.
 */
export const withSecondTry =
  (probe: (spec: CheckSpec) => Effect.Effect<ProbeOutcome>) =>
  (spec: CheckSpec): Effect.Effect<ProbeOutcome> =>
    Effect.flatMap(probe(spec), (first) =>
      isUnreached(first) ? Effect.map(Effect.delay(probe(spec), secondTryAfterMs), asSecondTry) : Effect.succeed(first),
    )
