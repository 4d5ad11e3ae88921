import { Config, Effect } from "effect"
import { plan } from "../../../packages/testing/src/faults/Plan.ts"

/** When this process kills itself: where no signal from outside can meet it on purpose. */
export interface Killing {
  /** Kills the process, by the chance it was given, if this is the point. */
  readonly at: (point: string) => Effect.Effect<void>
}

/** `KILL_AT`: a point, or `nowhere`; `KILL_CHANCE`: how probable it is each time; `KILL_SEED`: what that is drawn from. */
export const killingConfig: Config.Config<Killing> = Config.map(
  Config.all({
    point: Config.withDefault(Config.string("KILL_AT"), "nowhere"),
    chance: Config.withDefault(Config.number("KILL_CHANCE"), 1),
    seed: Config.withDefault(Config.integer("KILL_SEED"), 1),
  }),
  ({ chance, point, seed }) => {
    const draws = plan(seed, point)
    return {
      at: (reached) =>
        Effect.sync(() => {
          if (reached === point && draws.random() < chance) process.kill(process.pid, "SIGKILL")
        }),
    }
  },
)
