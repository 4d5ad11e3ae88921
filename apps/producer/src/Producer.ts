import type { Region } from "@uptime/domain/Region"
import type { DueMonitors } from "@uptime/persistence/DueMonitors"
import type { Housekeeping } from "@uptime/persistence/Housekeeping"
import type { Users } from "@uptime/persistence/Users"
import type { CheckStream } from "@uptime/stream/CheckStream"
import { Effect, Layer } from "effect"
import { chores } from "./Chores.ts"
import { claimLoop } from "./ClaimLoop.ts"
import { streamChores } from "./StreamChores.ts"

/** What a producer is told. */
export interface ProducerOptions {
  /** Every region that has workers: the groups of the stream. */
  readonly regions: ReadonlyArray<Region>
  /** How many days of results are kept. */
  readonly retentionDays: number
}

/**
 * A producer: puts due monitors on the stream and keeps database and stream in order, each in a supervised fiber. Any
 * number of them may run at once.
 */
export const layer = (
  options: ProducerOptions,
): Layer.Layer<never, never, CheckStream | DueMonitors | Housekeeping | Users> =>
  Layer.scopedDiscard(
    Effect.gen(function* () {
      // The groups first: without one, what is published is read by nobody until a worker or the trimmer makes it.
      yield* streamChores(options.regions)
      yield* claimLoop
      yield* chores(options.retentionDays)
    }),
  )
