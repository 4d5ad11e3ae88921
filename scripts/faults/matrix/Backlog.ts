import { Effect } from "effect"
import { eventually } from "../../../packages/testing/src/Eventually.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"
import type { World } from "../World.ts"

/** How old the oldest entry was at most that some group had not acknowledged, in milliseconds. */
const oldest = ({ samples }: World, from: number): number =>
  samples.backlogs.reduce((most, { at, oldestMs }) => (at < from ? most : Math.max(most, oldestMs ?? 0)), 0)

/** Many monitors that are all due in the same second, and then a stream with a hundred thousand jobs that nobody has read. */
export const backlog: Fault = {
  id: "F28",
  name: "10,000 monitors in one second, a backlog of 100,000 jobs",
  promise: "all is drained, in bounded memory; the age of the oldest is told",
  world: { regions: ["USA"] },
  limitSeconds: 900,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, sql, stream, regions } = world
    const size = isWhole ? 10_000 : 2_000
    const deep = isWhole ? 100_000 : 10_000
    const monitors = yield* monitorLoad(world, size)
    // Due together once; who goes on being checked every ten seconds is not the matter.
    yield* sql`UPDATE monitors SET interval_seconds = 3600`
    const began = yield* now
    yield* startAll([apps.worker("USA", { observed: true }), apps.producer({ observed: true })])
    const stored = sql<{ readonly n: number }>`SELECT count(DISTINCT monitor_id)::int AS n FROM check_results`
    yield* eventually(stored, ([row]) => (row?.n ?? 0) >= monitors.ids.length, "120 seconds")
    const togetherMs = (yield* now) - began
    const oldestTogether = oldest(world, began)

    for (const app of apps.started()) yield* app.kill("SIGTERM")
    for (const app of apps.started()) yield* app.ended
    const load = yield* jobLoad(world, 10_000)
    const slot = yield* now
    for (let from = 0; from < deep; from += 1_000)
      yield* load.publish(from % 10_000, 1_000, slot + Math.floor(from / 10_000))
    const started = yield* now
    yield* startAll([apps.worker("USA", { observed: true })])
    const isQuiet = yield* world.quiet(300)
    const drainedMs = (yield* now) - started
    const groups = yield* stream.groups(regions)
    return yield* rowOf(backlog, world, {
      recoverMs: drainedMs,
      twiceAtMost: 0,
      breaches: [...expect("the backlog is drained", isQuiet, `${groups[0]?.lag} entries still unread after 300 s`)],
      remarks: [
        `${size} monitors due together were stored ${(togetherMs / 1_000).toFixed(1)} s after the processes were started, the oldest entry ${(
          oldestTogether / 1_000
        ).toFixed(
          1,
        )} s old; ${deep} jobs drained in ${(drainedMs / 1_000).toFixed(1)} s, the oldest ${(oldest(world, started) / 1_000).toFixed(1)} s old`,
      ],
    })
  }),
}
