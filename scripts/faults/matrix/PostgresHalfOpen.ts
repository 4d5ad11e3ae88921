import { Effect } from "effect"
import { ask } from "../Ask.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"
import type { World } from "../World.ts"

/** The server's processes behind the workers' connections. */
const backends = ({ sql }: World): Effect.Effect<ReadonlyArray<number>, unknown> =>
  Effect.map(
    sql<{ readonly pid: number }>`SELECT pid FROM pg_stat_activity WHERE application_name = 'uptime-worker'`,
    (rows) => rows.map(({ pid }) => pid),
  )

const signal = (pids: ReadonlyArray<number>, name: NodeJS.Signals): Effect.Effect<void> =>
  Effect.sync(() => {
    for (const pid of pids) {
      try {
        process.kill(pid, name)
      } catch {
        // The server has ended it meanwhile.
      }
    }
  })

/**
 * Connections that are open and dead: first the server's processes behind all of the workers' connections are frozen, and then
 * the link swallows everything, new connections too.
 */
export const postgresHalfOpen: Fault = {
  id: "F16",
  name: "connections to PostgreSQL half open",
  promise:
    "frozen connections are given up and replaced within 15 s; behind a black hole readiness says so within 3 s; one row",
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, links, now } = world
    const load = yield* jobLoad(world, 200)
    const workers = yield* startAll(["USA", "India"].map((region) => apps.worker(region, { observed: true })))
    yield* load.untilStored

    const frozen = yield* backends(world)
    yield* Effect.addFinalizer(() => signal(frozen, "SIGCONT"))
    yield* signal(frozen, "SIGSTOP")
    const healedMs = yield* load.untilStored
    yield* signal(frozen, "SIGCONT")
    yield* load.untilStored

    yield* links.worker.postgres.blackHole
    const hole = yield* now
    yield* load.publish(0, 200, hole)
    yield* Effect.sleep(isWhole ? "60 seconds" : "20 seconds")
    const answers = yield* Effect.forEach(workers, ({ url }) => ask(`${url}/readyz`))
    const answeredMs = Math.max(...answers.map(({ ms }) => ms))
    yield* links.worker.postgres.heal
    const afterMs = yield* load.untilStored
    const isQuiet = yield* world.quiet(30)
    return yield* rowOf(postgresHalfOpen, world, {
      detectMs: answeredMs,
      recoverMs: Math.max(healedMs, afterMs),
      twiceAtMost: 0,
      breaches: [
        ...expect("everything is stored", isQuiet, "entries still pending after 30 s"),
        ...expect(
          "no hang over 15 s",
          healedMs <= 15_000 + 3_000,
          `${healedMs} ms until stored past frozen connections`,
        ),
        ...expect("back within 15 s", afterMs <= 15_000, `${afterMs} ms until stored after the black hole`),
        ...expect(
          "says that it is not ready",
          answers.every(({ status }) => status === 503),
          answers.map(({ status }) => status).join(", "),
        ),
        ...expect("says so within 3 s", answeredMs <= 3_000, `${answeredMs.toFixed(0)} ms`),
      ],
      remarks: [
        `${frozen.length} frozen connections: stored after ${healedMs} ms; black hole: stored ${afterMs} ms after its end`,
      ],
    })
  }),
}
