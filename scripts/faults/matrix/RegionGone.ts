import { Effect } from "effect"
import { isolated } from "../../../packages/testing/src/faults/Isolation.ts"
import { recoveredAfter } from "../../../packages/testing/src/faults/Recovery.ts"
import type { Fault } from "../Fault.ts"
import { results } from "../History.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

/** All workers of a region are gone for ten minutes, and come back; the other region is not to notice. */
export const regionGone: Fault = {
  id: "F5",
  name: "all workers of a region gone",
  promise: "the other region as late as before; this one Unknown; memory bounded; what expired is counted; no incident",
  limitSeconds: 900,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, sql } = world
    const load = yield* monitorLoad(world, 200)
    const [, , gone] = yield* startAll([
      apps.producer({ observed: true }),
      apps.worker("USA", { observed: true }),
      apps.worker("India", { observed: true }),
    ])
    if (gone === undefined) return yield* Effect.dieMessage("no worker")
    yield* Effect.sleep("10 seconds")
    const from = yield* now
    yield* Effect.sleep("25 seconds")
    yield* gone.kill()
    const left = yield* now
    yield* Effect.sleep(isWhole ? "600 seconds" : "180 seconds")
    const back = yield* now
    const regionStates = yield* sql<{ readonly status: string; readonly n: number }>`
        SELECT status, count(*)::int AS n FROM monitor_status WHERE location = 'India' GROUP BY status`
    const [heir] = yield* startAll([apps.worker("India", { observed: true })])
    const isQuiet = yield* world.quiet(60)
    const recoverMs = recoveredAfter(world.samples.backlogs, back)
    yield* Effect.sleep("15 seconds")
    const until = yield* now
    yield* Effect.forEach(
      apps.started().filter(({ name }) => name.startsWith("producer")),
      (app) => app.kill("SIGTERM"),
    )
    yield* world.quiet(30)

    const stored = yield* results(world)
    const lateness = (begin: number, end: number) =>
      stored
        .filter(({ region, slot }) => region === "USA" && slot >= begin && slot < end)
        .map(({ checkedAt, slot }) => checkedAt - slot)
    const missed = yield* load.missed(from, until - 15_000)
    return yield* rowOf(regionGone, world, {
      recoverMs,
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending after 60 s"),
        ...isolated(lateness(from, left), lateness(left, back), 500),
        ...expect(
          "the region is Unknown",
          regionStates.every(({ status }) => status === "Unknown"),
          regionStates.map(({ n, status }) => `${n} ${status}`).join(", "),
        ),
        // What a region has not done is kept for longer than this one is away.
        ...expect("no slot is lost", missed.length === 0, `${missed.length} without a row, first ${missed[0]}`),
        ...expect("the heir lives", heir !== undefined, "it does not"),
      ],
    })
  }),
}
