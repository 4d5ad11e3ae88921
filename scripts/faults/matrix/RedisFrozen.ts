import { Effect, Fiber } from "effect"
import { recovered, resumedAfter } from "../../../packages/testing/src/faults/Recovery.ts"
import { type Answer, ask, post } from "../Ask.ts"
import type { Fault } from "../Fault.ts"
import { results } from "../History.ts"
import { jobLoad } from "../JobLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

/** Redis is stopped by SIGSTOP, its connections open, for 30 and then 90 seconds; meanwhile people use the api. */
export const redisFrozen: Fault = {
  id: "F9",
  name: "Redis frozen for 30 and 90 s",
  promise: "no process ends; the api answers within 3 s; used again within 5 s; nothing lost or doubled",
  needsApi: true,
  limitSeconds: 300,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, redis, regions } = world
    const load = yield* jobLoad(world, 300)
    const [api, ...others] = yield* startAll([
      apps.api(),
      // Its own checks of what was not Up would be phantoms without a journal.
      apps.producer({ observed: true }),
      ...regions.map((region) => apps.worker(region)),
    ])
    if (api === undefined) return yield* Effect.dieMessage("no api")
    yield* load.untilStored
    const answers: Array<Answer> = []
    const ends: Array<number> = []
    for (const seconds of isWhole ? [30, 90] : [10]) {
      const loading = yield* Effect.forkScoped(load.run(5, 100))
      yield* Effect.sleep("3 seconds")
      yield* redis.kill("SIGSTOP")
      const asking = yield* Effect.gen(function* () {
        const login = { email: `${yield* now}@example.com`, password: "correct horse battery staple" }
        answers.push(yield* post(`${api.url}/api/auth/signup`, { ...login, name: "Ann" }))
        answers.push(yield* post(`${api.url}/api/auth/login`, login))
        answers.push(yield* ask(`${api.url}/readyz`))
        yield* Effect.sleep("1 second")
      }).pipe(Effect.forever, Effect.forkScoped)
      yield* Effect.sleep(`${seconds} seconds`)
      yield* Fiber.interrupt(asking)
      yield* redis.kill("SIGCONT")
      const back = yield* now
      yield* Fiber.join(loading)
      yield* Effect.sleep("10 seconds")
      ends.push(back)
    }
    const isQuiet = yield* world.quiet(60)
    const stored = yield* results(world)
    const slowest = Math.max(...ends.map((end) => resumedAfter(stored, regions, end) ?? Number.POSITIVE_INFINITY))
    const slowestAnswer = Math.max(0, ...answers.map(({ ms }) => ms))
    const broken = answers.filter(({ status }) => status === 0 || status === 500)
    const dead = [api, ...others].filter(({ pid }) => !isAlive(pid))
    return yield* rowOf(redisFrozen, world, {
      recoverMs: slowest,
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending after 60 s"),
        ...recovered(Number.isFinite(slowest) ? slowest : null, 5_000),
        ...expect("the api answers within 3 s", slowestAnswer <= 3_000, `${slowestAnswer.toFixed(0)} ms`),
        ...expect("the api answers", broken.length === 0, `${broken.length} answers like ${broken[0]?.status}`),
        ...expect("no process ends", dead.length === 0, dead.map(({ name }) => name).join(", ")),
      ],
      remarks: [
        `${answers.length} answers of the api meanwhile, the slowest after ${slowestAnswer.toFixed(0)} ms: ${[
          ...new Set(answers.map(({ status }) => status)),
        ].join(", ")}`,
      ],
    })
  }),
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
