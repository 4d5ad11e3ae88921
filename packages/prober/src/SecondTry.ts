import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { ProbeOutcome } from "@uptime/domain/Result"
import { Effect } from "effect"
import { asSecondTry, isUnreached } from "./ProbeRun.ts"

/** How long after a first try the second one starts, in milliseconds. */
export const secondTryAfterMs = 1_000

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

/** The longest that a check of this deadline takes, both tries included, in milliseconds. */
export const longestCheckMs = (timeoutMs: number): number => 2 * timeoutMs + secondTryAfterMs
