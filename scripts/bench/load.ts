import { Effect } from "effect"
import { bundled } from "../../packages/testing/src/AppProcess.ts"
import { runToEnd } from "../../packages/testing/src/ServerProcess.ts"

/** What is asked of an HTTP server on this machine. */
export interface Load {
  readonly port: number
  readonly method: "GET" | "POST"
  /** Asked for in turn. */
  readonly paths: ReadonlyArray<string>
  readonly headers: Readonly<Record<string, string>>
  /** JSON; `{n}` in it is the number of the request. */
  readonly body?: string
  /** Requests a second, planned whatever the answers; null to ask again after each answer. */
  readonly rate: number | null
  /** At most so many at once. */
  readonly connections: number
  readonly warmUpSeconds: number
  readonly seconds: number
}

/** What came of it: how long each success took in milliseconds, and how many were none, both after the warm-up. */
export interface LoadReport {
  readonly times: ReadonlyArray<number>
  readonly failed: number
  /** How long it took until the last answer. */
  readonly seconds: number
  /** All requests, those of the warm-up too. */
  readonly sent: number
}

/** Runs loads, each in a process of its own; dies where a request fails. */
export const makeLoads = Effect.map(
  bundled(new URL("./loadGenerator.ts", import.meta.url)),
  (bundle) =>
    (load: Load): Effect.Effect<LoadReport> =>
      runToEnd("load", process.execPath, [bundle], { env: { LOAD: JSON.stringify(load) } }).pipe(
        Effect.orDie,
        Effect.map((output): LoadReport => JSON.parse(output)),
        Effect.filterOrDieMessage(({ failed }) => failed === 0, `${load.method} ${load.paths[0]} was refused`),
      ),
)
