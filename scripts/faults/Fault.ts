import type { Effect, Scope } from "effect"
import type { Breach } from "../../packages/testing/src/faults/Breach.ts"
import type { World, WorldOptions } from "./World.ts"

/** What became of one fault: a line of the table. Times are milliseconds; null where there was nothing to measure. */
export interface Row {
  readonly id: string
  readonly name: string
  readonly seed: number
  /** Jobs × regions that were on the stream for sure. */
  readonly scheduled: number
  readonly stored: number
  readonly lost: number
  readonly doubled: number
  readonly phantom: number
  /** Requests to targets beyond one for each row whose check was run. */
  readonly executedTwice: number
  /** Rows of jobs that came too late to be run. */
  readonly expired: number
  /** Entries set aside on `dead:{region}`. */
  readonly dead: number
  readonly falseIncidents: number
  readonly missedIncidents: number
  readonly messages: number
  readonly distinctMessages: number
  readonly detectMs: number | null
  readonly takeoverMs: number | null
  readonly recoverMs: number | null
  /** Of the largest process of ours, in bytes. */
  readonly peakRss: number | null
  /** Of all processes of ours together, at most. */
  readonly postgresConnections: number | null
  readonly redisConnections: number | null
  /** Every promise that was not kept: none, and the fault is survived. */
  readonly breaches: ReadonlyArray<Breach>
  /** What else was seen. */
  readonly remarks: ReadonlyArray<string>
}

/** One fault of the matrix. */
export interface Fault {
  /** Its place in the matrix: `F1`. */
  readonly id: string
  readonly name: string
  /** What must hold, in a line. */
  readonly promise: string
  /** What its world has that is not the default. */
  readonly world?: Partial<WorldOptions>
  /** Whether it starts an api: that takes long to build, and nothing may be built beside a fault. */
  readonly needsApi?: true
  /** Whether it measures a process at work in milliseconds: nothing else runs beside it. */
  readonly isAlone?: true
  /** How long it may take with `--all`, in seconds; 240 unless given. It fails when it takes longer. */
  readonly limitSeconds?: number
  /** Makes the fault and says what became of it, by `rowOf`. What it fails or dies with is the row's breach. */
  readonly run: (world: World) => Effect.Effect<Row, unknown, Scope.Scope>
}
