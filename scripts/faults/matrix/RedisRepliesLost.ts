import { Effect } from "effect"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { republished } from "../Republished.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

const monitors = 100

/**
 * The answers to a worker's read, its acknowledgement and its heartbeat, and to a producer's publishing, are lost, each once:
 * the server has done what it was told, and nobody knows.
 */
export const redisRepliesLost: Fault = {
  id: "F11",
  name: "replies of Redis lost once each",
  promise:
    "what was handed out is found again within 3 s, not after 30; one row; only what was published again is checked again",
  world: { regions: ["USA"] },
  run: Effect.fnUntraced(function* (world) {
    const { apps, links, plan } = world
    const load = yield* jobLoad(world, monitors)
    yield* monitorLoad(world, 20)
    yield* startAll([apps.worker("USA", { observed: true }), apps.producer({ observed: true })])
    yield* load.untilStored
    const took: Array<string> = []
    let slowest = 0
    for (const command of plan.shuffle(["xreadgroup", "xack", "publish"])) {
      // A producer's jobs are told by what is in them: it publishes by a script, whose name is a hash.
      const losing =
        command === "publish"
          ? links.producer.redis.loseAnswerTo('"monitorid"')
          : links.worker.redis.loseAnswerTo(command)
      yield* losing
      const ms = yield* load.untilStored
      slowest = Math.max(slowest, ms)
      took.push(`${command} ${ms} ms`)
    }
    yield* load.run(12, 20)
    yield* Effect.forEach(
      apps.started().filter(({ name }) => name.startsWith("producer")),
      (producer) => Effect.zipRight(producer.kill("SIGTERM"), producer.ended),
    )
    const isQuiet = yield* world.quiet(20)
    const again = republished(world)
    return yield* rowOf(redisRepliesLost, world, {
      recoverMs: slowest,
      twiceAtMost: again,
      breaches: [
        ...expect("nothing stays pending", isQuiet, "entries still pending after 20 s"),
        ...expect("found again within 3 s", slowest <= 3_000 + 1_000, `${slowest} ms`),
      ],
      remarks: [`stored after a lost reply: ${took.join(", ")}; ${again} jobs published again`],
    })
  }),
}
