import { Effect, Fiber } from "effect"
import { recoveredAfter, resumedAfter } from "../../../packages/testing/src/faults/Recovery.ts"
import type { TcpProxy } from "../../../packages/testing/src/TcpProxy.ts"
import type { Fault } from "../Fault.ts"
import { results } from "../History.ts"
import { jobLoad } from "../JobLoad.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

/** What is done to a link for some seconds. */
interface Trouble {
  readonly name: string
  readonly make: (link: TcpProxy, seconds: number) => Effect.Effect<void>
}

const troubles: ReadonlyArray<Trouble> = [
  {
    name: "black hole",
    make: (link, seconds) => Effect.zipRight(link.blackHole, Effect.sleep(`${seconds} seconds`)),
  },
  { name: "refused", make: (link, seconds) => Effect.zipRight(link.refuse, Effect.sleep(`${seconds} seconds`)) },
  {
    name: "500 ms slower",
    make: (link, seconds) => Effect.zipRight(link.delay(500, 100), Effect.sleep(`${seconds} seconds`)),
  },
  {
    name: "reset each second",
    make: (link, seconds) => Effect.repeatN(Effect.zipRight(link.cut, Effect.sleep("1 second")), seconds - 1),
  },
  { name: "cut in an answer", make: (link) => link.cutAfter(1_000) },
]

/** The links of workers and producers to Redis are troubled in five ways, one after the other, under load. */
export const redisLinkBroken: Fault = {
  id: "F10",
  name: "links to Redis broken",
  promise: "used again within 5 s of the link's return; nothing lost or doubled",
  limitSeconds: 400,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, links, now, plan, regions } = world
    const load = yield* jobLoad(world, 300)
    yield* monitorLoad(world, 50)
    yield* startAll([
      apps.producer({ observed: true }),
      ...regions.map((region) => apps.worker(region, { observed: true })),
    ])
    yield* load.untilStored
    const troubled: Array<{ readonly name: string; readonly healed: number }> = []
    for (const { make, name } of plan.shuffle(troubles)) {
      const seconds = isWhole ? 15 : 4
      const loading = yield* Effect.forkScoped(load.run(seconds + 2, 100))
      yield* Effect.sleep(plan.between(500, 1_500))
      yield* Effect.all([make(links.worker.redis, seconds), make(links.producer.redis, seconds)], {
        concurrency: "unbounded",
      })
      yield* Effect.all([links.worker.redis.heal, links.producer.redis.heal])
      const healed = yield* now
      yield* Fiber.join(loading)
      yield* Effect.sleep("10 seconds")
      troubled.push({ name, healed })
    }
    yield* Effect.forEach(
      apps.started().filter(({ name }) => name.startsWith("producer")),
      (producer) => producer.kill("SIGTERM"),
    )
    const isQuiet = yield* world.quiet(60)
    const stored = yield* results(world)
    const resumed = troubled.map(({ healed }) => resumedAfter(stored, regions, healed) ?? Number.POSITIVE_INFINITY)
    const keptUp = troubled.map(
      ({ healed }) => recoveredAfter(world.samples.backlogs, healed) ?? Number.POSITIVE_INFINITY,
    )
    const slowest = Math.max(...resumed)
    return yield* rowOf(redisLinkBroken, world, {
      recoverMs: Number.isFinite(slowest) ? slowest : null,
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending after 60 s"),
        ...expect("used again within 5 s", slowest <= 5_000, `${slowest} ms`),
        ...expect("keeps up again within 15 s", Math.max(...keptUp) <= 15_000, `${Math.max(...keptUp)} ms`),
      ],
      remarks: [
        `checked again, and kept up again, after ${troubled
          .map(({ name }, i) => `${name} ${resumed[i]}, ${keptUp[i]} ms`)
          .join("; ")}`,
      ],
    })
  }),
}
