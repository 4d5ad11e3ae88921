import { Effect, Fiber } from "effect"
import { eventually } from "../../../packages/testing/src/Eventually.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { pendingOf } from "../Pending.ts"
import { expect, rowOf } from "../rowOf.ts"

/** How often a job is handed out before it is given up. */
const handedOutAtMost = 5

/**
 * A job that kills each process which runs it, among many that are harmless: an operator's supervisor starts the worker again
 * each time.
 */
export const poisonJob: Fault = {
  id: "F29",
  name: "a job that kills its worker",
  promise: "set aside after five workers, its slot stored as Unknown; the neighbours are stored",
  world: { regions: ["USA"] },
  limitSeconds: 480,
  run: Effect.fnUntraced(function* (world) {
    const { apps, now, sql } = world
    const load = yield* jobLoad(world, 200)
    const poison = yield* jobLoad(world, 1, "poison")
    let deaths = 0
    let inHand = 0
    yield* apps.worker("USA", { observed: true }).pipe(
      Effect.flatMap((worker) => Effect.zipRight(worker.ended, pendingOf(world, worker.pid))),
      Effect.flatMap((held) =>
        Effect.sync(() => {
          deaths += 1
          inHand += held
        }),
      ),
      Effect.scoped,
      Effect.forever,
      Effect.forkScoped,
    )
    yield* load.untilStored
    const loading = yield* Effect.forkScoped(load.run(240, 20))
    yield* Effect.sleep("2 seconds")
    const published = yield* now
    yield* poison.publish(0, 1, published)
    const givenUp = sql<{ readonly n: number }>`
        SELECT count(*)::int AS n FROM check_results WHERE error_message LIKE 'Given up%' AND status = 'Unknown'`
    yield* eventually(givenUp, ([row]) => row?.n === 1, "300 seconds")
    const takeoverMs = (yield* now) - published
    yield* Fiber.interrupt(loading)
    yield* load.untilStored
    const isQuiet = yield* world.quiet(60)
    return yield* rowOf(poisonJob, world, {
      takeoverMs,
      deadAtMost: 1,
      twiceAtMost: inHand + deaths,
      breaches: [
        ...expect("the neighbours are stored", isQuiet, "entries still pending after 60 s"),
        ...expect("five workers at most", deaths <= handedOutAtMost, `${deaths} died`),
      ],
      remarks: [
        `${deaths} workers died, with ${inHand} entries in hand; given up after ${(takeoverMs / 1_000).toFixed(0)} s`,
      ],
    })
  }),
}
