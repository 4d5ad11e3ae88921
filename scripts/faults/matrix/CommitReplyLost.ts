import { Effect } from "effect"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

/** The server commits, and the answer is lost with the connection: a worker cannot know, and gives the same rows again. */
export const commitReplyLost: Fault = {
  id: "F17",
  name: "COMMIT's reply lost",
  promise: "the batch is given again and makes no second row; no target is asked again",
  world: { regions: ["USA"] },
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, links, sql } = world
    const load = yield* jobLoad(world, 200)
    yield* startAll([apps.worker("USA", { observed: true })])
    yield* load.untilStored
    const times = isWhole ? 20 : 5
    let slowest = 0
    for (let time = 0; time < times; time++) {
      yield* links.worker.postgres.loseAnswerTo("commit")
      slowest = Math.max(slowest, yield* load.untilStored)
    }
    const isQuiet = yield* world.quiet(20)
    const [transactions] = yield* sql<{
      readonly n: number
    }>`SELECT count(DISTINCT xmin::text)::int AS n FROM check_results`
    return yield* rowOf(commitReplyLost, world, {
      recoverMs: slowest,
      twiceAtMost: 0,
      breaches: [
        ...expect("nothing stays pending", isQuiet, "entries still pending after 20 s"),
        ...expect("stored and known within 5 s", slowest <= 5_000, `${slowest} ms`),
      ],
      remarks: [`${times} replies lost; the rows are of ${transactions?.n} transactions`],
    })
  }),
}
