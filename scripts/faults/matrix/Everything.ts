import * as Fs from "node:fs"
import { Effect, Fiber, type Scope } from "effect"
import { type Point, slopePerHour } from "../../../packages/testing/src/faults/Slope.ts"
import type { App } from "../Apps.ts"
import { becomes } from "../Becomes.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { sizeOf } from "../ProcessStatus.ts"
import { expect, rowOf } from "../rowOf.ts"
import { awaitStarted, startAll } from "../Started.ts"
import type { World } from "../World.ts"

/** Runs shorter than this say nothing about slopes, in seconds. */
const slopesFrom = 1_800

/** What a process that nobody kills may grow by in an hour. */
const growth = { rssMb: 20, descriptors: 10 } as const

/** What a process has in use now: memory in MB, open descriptors. */
const inUse = ({ pid }: App): { readonly rssMb: number; readonly descriptors: number } | null => {
  try {
    const rss = sizeOf(pid, "VmRSS")
    return rss === null ? null : { rssMb: rss / 2 ** 20, descriptors: Fs.readdirSync(`/proc/${pid}/fd`).length }
  } catch {
    return null
  }
}

/** Looks every few seconds at what processes have in use. */
const watch = Effect.fnUntraced(function* (
  { now }: World,
  apps: ReadonlyArray<App>,
): Effect.fn.Return<ReadonlyMap<string, ReadonlyArray<Point>>, never, Scope.Scope> {
  const lines = new Map<string, Array<Point>>()
  const look = Effect.map(now, (at) => {
    for (const app of apps) {
      const used = inUse(app)
      if (used === null) continue
      for (const [what, value] of Object.entries(used)) {
        const name = `${app.name} ${what}`
        const points = lines.get(name) ?? []
        lines.set(name, points)
        points.push({ at, value })
      }
    }
  })
  yield* look.pipe(Effect.delay("3 seconds"), Effect.forever, Effect.forkScoped)
  return lines
})

/** What may happen; each undoes itself. Those of one kind never meet, since one thing happens after the other. */
const happenings = (
  world: World,
  victims: Array<App>,
  replace: (place: number) => Effect.Effect<App, never, Scope.Scope>,
) => {
  const { links, plan, postgres, redis } = world
  const away = (seconds: number) => Effect.suspend(() => Effect.sleep(plan.between(500, seconds * 1_000)))
  const kill = Effect.fnUntraced(function* (signal: "SIGKILL" | "SIGTERM") {
    const place = plan.between(0, victims.length - 1)
    const victim = victims[place]
    if (victim === undefined) return
    yield* victim.kill(signal)
    yield* victim.ended
    victims[place] = yield* replace(place)
  })
  const link = plan.of("links")
  const aLink = Effect.sync(() =>
    link.pick([links.worker.redis, links.worker.postgres, links.producer.redis, links.producer.postgres]),
  )
  return [
    { name: "kill", make: kill("SIGKILL") },
    { name: "stop", make: kill("SIGTERM") },
    {
      name: "freeze",
      make: Effect.gen(function* () {
        const victim = victims[plan.between(0, victims.length - 1)]
        if (victim === undefined) return
        yield* victim.kill("SIGSTOP")
        yield* away(8)
        yield* victim.kill("SIGCONT")
      }),
    },
    {
      name: "PostgreSQL restart",
      make: Effect.suspend(() =>
        postgres
          .kill(plan.pick(["SIGINT", "SIGQUIT", "SIGKILL"]))
          .pipe(Effect.zipRight(away(3)), Effect.zipRight(postgres.start)),
      ),
    },
    {
      name: "Redis restart",
      make: redis.kill("SIGKILL").pipe(Effect.zipRight(away(3)), Effect.zipRight(redis.start)),
    },
    { name: "cut", make: Effect.flatMap(aLink, ({ cut }) => cut) },
    {
      name: "black hole",
      make: Effect.flatMap(aLink, ({ blackHole, heal }) =>
        blackHole.pipe(Effect.zipRight(away(8)), Effect.zipRight(heal)),
      ),
    },
    {
      name: "refused",
      make: Effect.flatMap(aLink, ({ heal, refuse }) => refuse.pipe(Effect.zipRight(away(5)), Effect.zipRight(heal))),
    },
    {
      name: "delay",
      make: Effect.flatMap(aLink, ({ delay, heal }) =>
        delay(200, 200).pipe(Effect.zipRight(away(8)), Effect.zipRight(heal)),
      ),
    },
    { name: "COMMIT's reply lost", make: links.worker.postgres.loseAnswerTo("commit") },
    { name: "XACK's reply lost", make: links.worker.redis.loseAnswerTo("xack") },
    { name: "XREADGROUP's reply lost", make: links.worker.redis.loseAnswerTo("xreadgroup") },
  ] as const
}

/**
 * Whatever the seed says, one thing after the other, while sites go down and come back: two minutes of it, or as long as `--soak`
 * says. One worker of each region and one producer live through it all; what they have in use is looked at.
 */
export const everything: Fault = {
  id: "F34",
  name: "everything at random",
  promise: "every invariant, whatever happens; what is in use does not grow",
  world: { redisFlags: ["--appendonly", "yes"] },
  limitSeconds: 600,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, plan, regions, soakSeconds, sql, stream } = world
    const seconds = isWhole ? soakSeconds : 100
    const monitors = yield* monitorLoad(world, 100)
    // Sites of their own: those of the monitors go down.
    const load = yield* jobLoad(world, 300, "load")
    const how = { observed: true }
    const survivors = yield* startAll([...regions.map((region) => apps.worker(region, how)), apps.producer(how)])
    const starts = [...regions.map((region) => apps.worker(region, how)), apps.producer(how)]
    const victims = [...(yield* startAll(starts))]
    const used = yield* watch(world, survivors)
    yield* load.untilStored

    const loading = yield* Effect.forkScoped(load.run(seconds, 40))
    const end = (yield* now) + seconds * 1_000
    const downs = plan.of("downs")
    const downing = yield* Effect.gen(function* () {
      const id = monitors.ids[downs.between(0, monitors.ids.length - 1)]
      if (id === undefined) return
      const restore = yield* monitors.takeDown(id)
      yield* Effect.sleep(downs.between(20_000, 60_000))
      yield* restore
      yield* Effect.sleep(downs.between(1_000, 10_000))
    }).pipe(Effect.zipRight(now), Effect.repeat({ while: (at) => at < end }), Effect.forkScoped)

    const all = happenings(world, victims, (place) => {
      const start = starts[place]
      return start === undefined ? Effect.dieMessage("no such place") : Effect.flatMap(start, awaitStarted)
    })
    const counts = new Map<string, number>()
    while ((yield* now) < end) {
      const happening = all[plan.between(0, all.length - 1)]
      if (happening === undefined) continue
      counts.set(happening.name, (counts.get(happening.name) ?? 0) + 1)
      yield* happening.make
      yield* Effect.sleep(plan.between(500, 4_000))
    }
    for (const { postgres, redis } of Object.values(world.links)) yield* Effect.zip(postgres.heal, redis.heal)
    const over = yield* now
    yield* Fiber.join(loading)
    // Its monitors are checked all the while, so that hardly ever nothing is under way: what is there must be young.
    const isKeptUp = yield* becomes(
      stream.groups(regions),
      (groups) => groups.every(({ oldestAgeMs }) => oldestAgeMs < 2_000),
      "120 seconds",
    )
    const recoverMs = (yield* now) - over
    yield* Fiber.join(downing)
    // What came back last is told of within two checks and a look of the judge.
    yield* Effect.sleep("30 seconds")
    const isQuiet = (yield* monitors.rest) && isKeptUp
    const unsent = sql<{ readonly n: number }>`SELECT count(*)::int AS n FROM alert_outbox WHERE state = 'pending'`
    const isSent = yield* becomes(unsent, ([row]) => row?.n === 0, "120 seconds")
    const slopes = [...used].map(([name, points]) => ({
      name,
      perHour: slopePerHour(points.slice(Math.floor(points.length / 3))) ?? 0,
    }))
    const grown = slopes.filter(
      ({ name, perHour }) => perHour > (name.endsWith("rssMb") ? growth.rssMb : growth.descriptors),
    )
    return yield* rowOf(everything, world, {
      recoverMs,
      confirmMs: 120_000,
      lateMs: 30_000,
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending after 120 s"),
        ...expect("everything is sent", isSent, "messages still to be sent after 120 s"),
        ...(seconds < slopesFrom
          ? []
          : expect(
              "nothing grows",
              grown.length === 0,
              grown.map(({ name, perHour }) => `${name} ${perHour.toFixed(1)}/h`).join(", "),
            )),
      ],
      remarks: [
        `${seconds} s: ${[...counts].map(([name, count]) => `${count} × ${name}`).join(", ")}`,
        `per hour, of those that lived on: ${slopes.map(({ name, perHour }) => `${name} ${perHour.toFixed(1)}`).join(", ")}`,
      ],
    })
  }),
}
