import { Effect, Fiber } from "effect"
import { recovered, recoveredAfter } from "../../../packages/testing/src/faults/Recovery.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { republished } from "../Republished.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

/** The database is restarted under load in each of three ways: it ends sessions, it leaves them where they are, it is killed. */
export const postgresRestarted: Fault = {
  id: "F14",
  name: "PostgreSQL restarted",
  promise: "batches are kept and stored once; recovers within 10 s",
  limitSeconds: 480,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, plan, postgres, regions, samples } = world
    const load = yield* jobLoad(world, 500)
    const monitors = yield* monitorLoad(world, 50)
    yield* startAll([
      apps.worker("USA", { observed: true }),
      apps.worker("India", { observed: true }),
      apps.producer({ observed: true }),
    ])
    yield* load.untilStored
    const took: Array<string> = []
    let slowest = 0
    for (let round = 0; round < (isWhole ? 4 : 1); round++) {
      for (const signal of plan.shuffle(["SIGINT", "SIGQUIT", "SIGKILL"] as const)) {
        const loading = yield* Effect.forkScoped(load.run(14, 150))
        yield* Effect.sleep(plan.between(1_000, 3_000))
        yield* postgres.kill(signal)
        yield* postgres.start
        const started = yield* now
        yield* Fiber.join(loading)
        yield* world.quiet(30)
        yield* Effect.sleep("3 seconds")
        const ms = recoveredAfter(samples.backlogs, started)
        took.push(`${signal} ${ms} ms`)
        slowest = Math.max(slowest, ms ?? Number.POSITIVE_INFINITY)
      }
    }
    const isQuiet = yield* monitors.rest
    // A producer that loses the database between publishing and moving on publishes the same jobs again.
    const again = republished(world)
    return yield* rowOf(postgresRestarted, world, {
      recoverMs: Number.isFinite(slowest) ? slowest : null,
      twiceAtMost: regions.length * again,
      breaches: [
        ...expect("everything is stored", isQuiet, "entries still pending after 30 s"),
        ...recovered(Number.isFinite(slowest) ? slowest : null, 10_000),
      ],
      remarks: [`kept up again after ${took.join(", ")}; ${again} jobs published again`],
    })
  }),
}
