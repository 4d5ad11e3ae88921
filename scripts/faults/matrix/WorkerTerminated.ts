import { Effect, Fiber, Option } from "effect"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { pendingOf } from "../Pending.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

/** SIGTERM to one of two workers of a region under load: it finishes what it has, and the other goes on. */
export const workerTerminated: Fault = {
  id: "F3",
  name: "worker told to stop under load",
  promise: "gone within 15 s with code 0; leaves nothing pending; nothing is checked twice",
  run: Effect.fnUntraced(function* (world) {
    const { apps, now, plan } = world
    const load = yield* jobLoad(world, 1_000, "slow/500")
    const [leaving] = yield* startAll(["USA", "USA", "India"].map((region) => apps.worker(region)))
    if (leaving === undefined) return yield* Effect.dieMessage("no worker")
    const loading = yield* Effect.forkScoped(load.run(10, 100))
    yield* Effect.sleep(plan.between(3_000, 6_000))
    const told = yield* now
    yield* leaving.kill("SIGTERM")
    const code = Option.flatten(yield* Effect.timeoutOption(leaving.ended, "20 seconds"))
    const tookMs = (yield* now) - told
    const left = yield* pendingOf(world, leaving.pid)
    yield* Fiber.join(loading)
    const isQuiet = yield* world.quiet(60)
    return yield* rowOf(workerTerminated, world, {
      recoverMs: tookMs,
      twiceAtMost: 0,
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending after 60 s"),
        ...expect("gone within 15 s", tookMs <= 15_000, `${tookMs} ms`),
        ...expect("ends with code 0", Option.getOrNull(code) === 0, `code ${Option.getOrNull(code)}`),
        ...expect("leaves nothing pending", left === 0, `${left} entries`),
      ],
    })
  }),
}
