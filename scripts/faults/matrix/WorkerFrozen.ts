import { Effect, Fiber } from "effect"
import { eventually } from "../../../packages/testing/src/Eventually.ts"
import { recovered, recoveredAfter } from "../../../packages/testing/src/faults/Recovery.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { pendingOf } from "../Pending.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

/** One of two workers of a region is stopped for a minute in the middle of its work, and wakes up with results nobody waits for. */
export const workerFrozen: Fault = {
  id: "F4",
  name: "worker frozen for 60 s",
  promise: "taken over within 35 s; what it writes when it wakes changes nothing",
  run: Effect.fnUntraced(function* (world) {
    const { apps, now, plan } = world
    const load = yield* jobLoad(world, 500, "slow/300")
    const [frozen] = yield* startAll(["USA", "USA", "India"].map((region) => apps.worker(region)))
    if (frozen === undefined) return yield* Effect.dieMessage("no worker")
    yield* load.untilStored
    const loading = yield* Effect.forkScoped(load.run(75, 100))
    yield* Effect.sleep(plan.between(3_000, 6_000))
    yield* frozen.kill("SIGSTOP")
    const stopped = yield* now
    const held = yield* pendingOf(world, frozen.pid)
    yield* eventually(pendingOf(world, frozen.pid), (left) => left === 0, "55 seconds").pipe(
      Effect.catchAllCause(() => Effect.void),
    )
    const takeoverMs = (yield* now) - stopped
    yield* Effect.sleep(Math.max(0, 60_000 - takeoverMs))
    yield* frozen.kill("SIGCONT")
    const woken = yield* now
    yield* Fiber.join(loading)
    const isQuiet = yield* world.quiet(60)
    const recoverMs = recoveredAfter(world.samples.backlogs, woken)
    return yield* rowOf(workerFrozen, world, {
      takeoverMs,
      recoverMs,
      twiceAtMost: held,
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending after 60 s"),
        ...expect("taken over within 37 s", takeoverMs <= 37_000, `${takeoverMs} ms`),
        ...recovered(recoverMs, 5_000),
      ],
      remarks: [`${held} entries in the hands of the frozen`],
    })
  }),
}
