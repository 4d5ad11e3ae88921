import { Effect, Fiber } from "effect"
import { recovered, recoveredAfter } from "../../../packages/testing/src/faults/Recovery.ts"
import { readJournal } from "../Book.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { intervalSeconds, monitorLoad } from "../MonitorLoad.ts"
import { republished } from "../Republished.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"
import type { World } from "../World.ts"

const jobsPerSecond = 20
const scheduledMonitors = 100

/** Memory that no process may take more of while the database is away, in bytes. */
const growthLimit = 50 * 2 ** 20

/** How many rows or jobs processes wrote down as done in a step within a time, both ends in milliseconds since the epoch. */
const doneBetween = ({ apps }: World, step: "acknowledging" | "published", from: number, to: number): number =>
  apps
    .started()
    .flatMap(({ journal }) => (journal === null ? [] : readJournal(journal)))
    .filter((entry) => entry.step === step && entry.at >= from && entry.at < to)
    .reduce((sum, { keys }) => sum + keys.length, 0)

/** The largest process of ours in the looks from one to another, in bytes. */
const largest = ({ samples }: World, from: number, to?: number): number =>
  samples.usages.slice(from, to).reduce((most, { rssBytes }) => Math.max(most, rssBytes ?? 0), 0)

/**
 * The database is stopped for ten minutes, or as long as `--outage` says, while jobs go on coming and monitors fall due. What was
 * being checked when it went is stored once it is back, and nothing is asked of any target again for that.
 */
export const postgresDown: Fault = {
  id: "F15",
  name: "PostgreSQL down",
  promise:
    "no acknowledgement and no growth beyond 50 MB meanwhile, no target asked twice, none set aside; recovers within 30 s, no herd",
  limitSeconds: 1_200,
  run: Effect.fnUntraced(function* (world) {
    const { apps, now, outageSeconds, postgres, regions, samples } = world
    const load = yield* jobLoad(world, 400)
    const monitors = yield* monitorLoad(world, scheduledMonitors)
    yield* startAll([
      apps.worker("USA", { observed: true }),
      apps.worker("India", { observed: true }),
      apps.producer({ observed: true }),
    ])
    yield* load.untilStored
    yield* load.run(5, jobsPerSecond)
    const before = largest(world, 0)
    const firstLook = samples.usages.length
    const loading = yield* Effect.forkScoped(load.run(outageSeconds + 10, jobsPerSecond))
    yield* Effect.sleep("2 seconds")
    yield* postgres.stop
    const stopped = yield* now
    yield* Effect.sleep(outageSeconds * 1_000)
    const growth = largest(world, firstLook) - before
    const restarted = yield* now
    const early = doneBetween(world, "acknowledging", stopped + 1_000, restarted)
    yield* postgres.start
    const started = yield* now
    yield* Fiber.join(loading)
    yield* world.quiet(60)
    yield* Effect.sleep("3 seconds")
    // What fell due meanwhile is published once, and within an interval each monitor's next slot.
    const caughtUp = doneBetween(world, "published", restarted, started + intervalSeconds * 1_000)
    const recoverMs = recoveredAfter(samples.backlogs, started)
    const isQuiet = yield* monitors.rest
    return yield* rowOf(postgresDown, world, {
      recoverMs,
      twiceAtMost: regions.length * republished(world),
      breaches: [
        ...expect("everything is stored", isQuiet, "entries still pending after 60 s"),
        ...expect("nothing is acknowledged meanwhile", early === 0, `${early} entries`),
        ...expect("grows by 50 MB at most", growth <= growthLimit, `${(growth / 2 ** 20).toFixed(0)} MB`),
        ...expect(
          "no herd",
          caughtUp <= 2 * monitors.ids.length,
          `${caughtUp} jobs of ${monitors.ids.length} monitors`,
        ),
        ...recovered(recoverMs, 30_000),
      ],
      remarks: [
        `away for ${outageSeconds} s; the largest process grew by ${(growth / 2 ** 20).toFixed(0)} MB; ${caughtUp} jobs of ${
          monitors.ids.length
        } monitors published in the first ${intervalSeconds} s`,
      ],
    })
  }),
}
