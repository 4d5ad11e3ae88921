import { Schema } from "effect"
import { IntervalSeconds } from "./IntervalSeconds.ts"

/** How many results in a row it takes before a region changes. */
const Consecutive = Schema.Int.pipe(Schema.between(1, 10))

/**
 * What it takes before a change is believed.
 *
 * - `failures`: failed checks in a row before a region is `Down` (or `Degraded`, or `Unknown`: what they agree on at least)
 * - `successes`: good ones in a row before it is `Up` again
 * - `retrySeconds`: how soon the next check comes while a change is being confirmed; no later than the interval
 * - `minRegions`: how many regions must know, or the monitor as a whole is `Unknown`; no more than there are, and 1 for a
 *   heartbeat
 */
export const Confirmation = Schema.Struct({
  failures: Consecutive,
  successes: Consecutive,
  retrySeconds: IntervalSeconds,
  minRegions: Schema.Int.pipe(Schema.between(1, 64)),
}).annotations({ identifier: "Confirmation" })
export type Confirmation = typeof Confirmation.Type
