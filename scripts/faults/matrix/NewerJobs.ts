import { Effect } from "effect"
import { jobVersion } from "../../../packages/domain/src/Job.ts"
import { streamKey } from "../Apps.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

const newer = 50

/** A producer of a newer release among workers of this one: its jobs are in a form that they do not know. */
export const newerJobs: Fault = {
  id: "F32",
  name: "jobs of a newer release, and no jobs at all",
  promise: "set aside with the reason, never guessed; the jobs between them are stored",
  run: Effect.fnUntraced(function* (world) {
    const { apps, control, regions, stream } = world
    const load = yield* jobLoad(world, 200)
    const workers = yield* startAll(regions.map((region) => apps.worker(region, { observed: true })))
    yield* load.untilStored
    for (let i = 0; i < newer; i++) {
      const text = i % 2 === 0 ? JSON.stringify({ v: jobVersion + 1, target: { at: "somewhere" } }) : "{"
      yield* control.call("xadd", streamKey, "*", "job", text)
    }
    const recoverMs = yield* load.untilStored
    const isQuiet = yield* world.quiet(20)
    const dead = (yield* stream.groups(regions)).map((group) => group.dead)
    const ended = yield* Effect.forEach(workers, (worker) => Effect.timeoutOption(worker.ended, "1 millis"))
    return yield* rowOf(newerJobs, world, {
      recoverMs,
      twiceAtMost: 0,
      deadAtMost: newer * regions.length,
      breaches: [
        ...expect("nothing stays pending", isQuiet, "entries still pending after 20 s"),
        ...expect(
          "all are set aside",
          dead.every((count) => count === newer),
          dead.join(", "),
        ),
        ...expect(
          "no worker ends",
          ended.every(({ _tag }) => _tag === "None"),
          "one has ended",
        ),
      ],
      remarks: [`${newer} entries that are no jobs of this release`],
    })
  }),
}
