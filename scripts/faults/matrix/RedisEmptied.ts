import { Effect } from "effect"
import { streamKey } from "../Apps.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

const monitors = 300

/** What may become of a stream: all of Redis gone, the stream gone, its groups gone. */
const losses = [
  { name: "FLUSHALL", commands: [["flushall"]] },
  { name: "DEL", commands: [["del", streamKey]] },
  {
    name: "XGROUP DESTROY",
    commands: [
      ["xgroup", "DESTROY", streamKey, "USA"],
      ["xgroup", "DESTROY", streamKey, "India"],
    ],
  },
] as const

/** Redis is emptied in three ways while jobs are on the stream; each time the next slot is to be run at once. */
export const redisEmptied: Fault = {
  id: "F8",
  name: "Redis emptied",
  promise: "groups made anew and the next slots run within 5 s; no double, no phantom",
  run: Effect.fnUntraced(function* (world) {
    const { apps, control, plan } = world
    const load = yield* jobLoad(world, monitors)
    yield* startAll(["USA", "India"].map((region) => apps.worker(region)))
    yield* load.untilStored
    const took: Array<string> = []
    let slowest = 0
    for (const { commands, name } of plan.shuffle(losses)) {
      yield* Effect.forkScoped(load.run(3, 300))
      yield* Effect.sleep(plan.between(500, 2_500))
      for (const [command, ...args] of commands) yield* control.call(command, ...args)
      const ms = yield* load.untilStored
      took.push(`${name} ${ms} ms`)
      slowest = Math.max(slowest, ms)
      yield* Effect.sleep("3 seconds")
    }
    const isQuiet = yield* world.quiet(60)
    return yield* rowOf(redisEmptied, world, {
      recoverMs: slowest,
      mayLose: true,
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending after 60 s"),
        ...expect("the next slots run within 5 s", slowest <= 5_000, `${slowest} ms`),
      ],
      remarks: [`the next slots were stored after ${took.join(", ")}; lost is what was on the stream unread`],
    })
  }),
}
