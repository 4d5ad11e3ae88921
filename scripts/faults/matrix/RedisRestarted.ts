import { Effect } from "effect"
import { recovered, resumedAfter } from "../../../packages/testing/src/faults/Recovery.ts"
import type { Fault } from "../Fault.ts"
import { results } from "../History.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

const monitors = 300

/** Redis, which writes its log once a second, is killed and started again, then stopped in order and started again. */
export const redisRestarted: Fault = {
  id: "F7",
  name: "Redis killed and restarted, AOF everysec",
  promise: "used again within 5 s; lost at most what was scheduled in the second before; no double",
  world: { redisFlags: ["--appendonly", "yes", "--appendfsync", "everysec"] },
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, plan, redis, regions } = world
    const load = yield* monitorLoad(world, monitors)
    yield* startAll([
      apps.producer({ observed: true }),
      ...regions.map((region) => apps.worker(region, { observed: true })),
    ])
    yield* Effect.sleep("12 seconds")
    const from = yield* now
    const ends: Array<number> = []
    for (const how of plan.shuffle(["SIGKILL", "SIGTERM"] as const)) {
      yield* Effect.sleep(plan.between(2_000, 5_000))
      yield* redis.kill(how)
      yield* Effect.sleep(plan.between(500, 3_000))
      yield* redis.start
      const back = yield* now
      yield* Effect.sleep(isWhole ? "20 seconds" : "8 seconds")
      ends.push(back)
    }
    yield* Effect.sleep("12 seconds")
    const until = (yield* now) - 5_000
    yield* Effect.forEach(
      apps.started().filter(({ name }) => name.startsWith("producer")),
      (producer) => producer.kill("SIGTERM"),
    )
    const isQuiet = yield* world.quiet(60)
    const stored = yield* results(world)
    const slowest = Math.max(...ends.map((end) => resumedAfter(stored, regions, end) ?? Number.POSITIVE_INFINITY))
    const missed = yield* load.missed(from, until)
    const row = yield* rowOf(redisRestarted, world, {
      recoverMs: slowest,
      mayLose: true,
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending after 60 s"),
        ...recovered(Number.isFinite(slowest) ? slowest : null, 5_000),
      ],
      remarks: [`${missed.length} slots of the grids have no row`],
    })
    const inASecond = (monitors / 10) * regions.length
    return {
      ...row,
      breaches: [
        ...row.breaches,
        ...expect("at most a second of slots is lost", row.lost <= 2 * inASecond, `${row.lost} rows`),
      ],
    }
  }),
}
