import { Config, Effect, Option } from "effect"
import type { CheckSpec } from "../../../packages/domain/src/CheckSpec.ts"

/** What is wrong with the place that a worker of the harness is in. */
interface WorkerFaults {
  /** The port that targets are looked for at instead of their own (`FARM_DETOUR`): a link of this region alone. */
  readonly detour: number | null
  /** The only name server (`NAME_SERVER`, `address:port`). */
  readonly nameServer: string | null
  /** For how many seconds it computes and does nothing else when it gets SIGUSR2 (`BLOCK_SECONDS`). */
  readonly blockSeconds: number
}

/** Reads the variables. */
export const workerFaults: Effect.Effect<WorkerFaults> = Effect.orDie(
  Config.all({
    detour: Config.map(Config.option(Config.integer("FARM_DETOUR")), Option.getOrNull),
    nameServer: Config.map(Config.option(Config.string("NAME_SERVER")), Option.getOrNull),
    blockSeconds: Config.withDefault(Config.integer("BLOCK_SECONDS"), 20),
  }),
)

/** From now on the process stands still whenever it is told to. */
export const standStill: Effect.Effect<void> = Effect.flatMap(workerFaults, ({ blockSeconds }) =>
  Effect.sync(() => {
    process.on("SIGUSR2", () => {
      const until = performance.now() + blockSeconds * 1_000
      while (performance.now() < until);
    })
  }),
)

/** Kills the process that is to check a target whose path begins with `/poison/`. */
export const poison = (spec: CheckSpec): Effect.Effect<void> =>
  Effect.sync(() => {
    if (spec.kind === "http" && new URL(spec.url).pathname.startsWith("/poison/")) process.kill(process.pid, "SIGKILL")
  })
