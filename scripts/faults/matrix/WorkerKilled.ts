import { Effect, Fiber } from "effect"
import { eventually } from "../../../packages/testing/src/Eventually.ts"
import { recovered, recoveredAfter } from "../../../packages/testing/src/faults/Recovery.ts"
import type { App } from "../Apps.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { pendingOf } from "../Pending.ts"
import { expect, rowOf } from "../rowOf.ts"
import { awaitStarted, startAll } from "../Started.ts"

/** Two workers of each region under load; one after the other, drawn at random, is killed, and another started in its place. */
export const workerKilled: Fault = {
  id: "F1",
  name: "workers killed at random",
  promise:
    "nothing lost or doubled; taken over within 45 s though the killing goes on; checked again only what was in hand",
  limitSeconds: 480,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, plan, regions } = world
    const load = yield* jobLoad(world, 500)
    const slots = regions.flatMap((region) => [region, region])
    const living: Array<App> = [...(yield* startAll(slots.map((region) => apps.worker(region))))]
    const seconds = isWhole ? 300 : 15
    const loading = yield* Effect.forkScoped(load.run(seconds, 150))
    let inHand = 0
    let lastKill = 0
    let takeoverMs = 0
    const kills = Math.floor(seconds / 3)
    for (let kill = 0; kill < kills; kill++) {
      yield* Effect.sleep(plan.between(2_000, 4_000))
      const place = plan.between(0, living.length - 1)
      const victim = living[place]
      if (victim === undefined) continue
      yield* victim.kill()
      yield* victim.ended
      lastKill = yield* now
      const held = yield* pendingOf(world, victim.pid)
      inHand += held
      const killed = lastKill
      // Each victim's entries are another's within the time, whoever dies meanwhile.
      yield* eventually(pendingOf(world, victim.pid), (left) => left === 0, "90 seconds").pipe(
        Effect.zipRight(now),
        Effect.map((taken) => {
          if (held > 0) takeoverMs = Math.max(takeoverMs, taken - killed)
          return takeoverMs
        }),
        Effect.forkScoped,
      )
      living[place] = yield* Effect.flatMap(apps.worker(slots[place] ?? ""), awaitStarted)
    }
    yield* Fiber.join(loading)
    const isQuiet = yield* world.quiet(60)
    const recoverMs = recoveredAfter(world.samples.backlogs, lastKill)
    return yield* rowOf(workerKilled, world, {
      takeoverMs,
      recoverMs,
      twiceAtMost: inHand,
      breaches: [
        ...expect("everything is taken over", isQuiet, "entries still pending after 60 s"),
        // Whoever is killed within five seconds of his start has not looked for what others left.
        ...expect("taken over within 45 s", takeoverMs <= 45_000, `${takeoverMs} ms`),
        ...recovered(recoverMs, 45_000),
      ],
      remarks: [`${kills} kills, ${inHand} entries in the hands of the killed`],
    })
  }),
}
