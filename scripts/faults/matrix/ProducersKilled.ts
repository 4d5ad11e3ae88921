import { Effect } from "effect"
import type { App } from "../Apps.ts"
import { readJournal } from "../Book.ts"
import type { Fault } from "../Fault.ts"
import { intervalSeconds, monitorLoad } from "../MonitorLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { awaitStarted, startAll } from "../Started.ts"

const monitors = 200

/**
 * Two producers, of which one after the other is killed, one of them between publishing and moving the monitors on; then both
 * are gone for a while, and one comes back.
 */
export const producersKilled: Fault = {
  id: "F6",
  name: "producers killed, and all gone",
  promise:
    "no slot twice, none lost while one lives; on return one job at most for each monitor that is late, over ten seconds",
  limitSeconds: 960,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, plan, regions } = world
    const load = yield* monitorLoad(world, monitors)
    yield* startAll(regions.map((region) => apps.worker(region, { observed: true })))
    const living: Array<App> = [
      ...(yield* startAll([apps.producer({ observed: true }), apps.producer({ observed: true })])),
    ]
    yield* Effect.sleep(intervalSeconds * 1_000)
    const from = yield* now
    for (let kill = 0; kill < (isWhole ? 10 : 3); kill++) {
      yield* Effect.sleep(plan.between(1_000, 4_000))
      const place = plan.between(0, 1)
      yield* living[place]?.kill() ?? Effect.void
      living[place] = yield* Effect.flatMap(apps.producer({ observed: true }), awaitStarted)
    }
    const deadly = yield* apps.producer({ killAt: "after-publish" })
    yield* Effect.timeoutOption(deadly.ended, "30 seconds")
    yield* Effect.sleep(intervalSeconds * 1_000)
    const whileOneLived = yield* load.missed(from, (yield* now) - 3_000)

    yield* Effect.forEach(living, (app) => app.kill())
    yield* Effect.forEach(living, (app) => app.ended)
    yield* Effect.sleep(isWhole ? "600 seconds" : "30 seconds")
    const back = yield* now
    const [heir] = yield* startAll([apps.producer({ observed: true })])
    const started = yield* now
    yield* Effect.sleep(intervalSeconds * 2_000)
    yield* heir?.kill("SIGTERM") ?? Effect.void
    const isQuiet = yield* world.quiet(60)

    const journal = heir?.journal ?? null
    const published = journal === null ? [] : readJournal(journal).filter(({ step }) => step === "published")
    const late = published.flatMap(({ at, keys }) =>
      keys.flatMap((key) => {
        const [monitorId = "", slot] = key.split("@")
        return Number(slot) < started ? [{ at, monitorId }] : []
      }),
    )
    const perMonitor = new Map<string, number>()
    for (const { monitorId } of late) perMonitor.set(monitorId, (perMonitor.get(monitorId) ?? 0) + 1)
    const most = Math.max(0, ...perMonitor.values())
    const seen = new Set<string>()
    /** Each look of the heir that took a monitor for the first time: when, and how many. */
    const looks = published.flatMap(({ at, keys }) => {
      const before = seen.size
      for (const key of keys) seen.add(key.split("@")[0] ?? "")
      return seen.size === before ? [] : [{ at, count: seen.size - before }]
    })
    const largest = Math.max(0, ...looks.map(({ count }) => count))
    const spread = (looks.at(-1)?.at ?? 0) - (looks[0]?.at ?? 0)
    const firstAt = published[0]?.at
    return yield* rowOf(producersKilled, world, {
      recoverMs: firstAt === undefined ? null : firstAt - back,
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending after 60 s"),
        ...expect(
          "no slot is lost while a producer lives",
          whileOneLived.length === 0,
          `${whileOneLived.length} slots without a row, first ${whileOneLived[0]}`,
        ),
        // Ten looks, a second apart; the first takes longer than the others, for whatever a new process does first.
        ...expect(
          "no rush",
          !isWhole || (largest <= monitors / 10 && spread > 7_500),
          `${largest} at once, all within ${spread} ms`,
        ),
        ...expect("at most one late job for each monitor", most <= 1, `${most} of one monitor`),
      ],
      remarks: [
        `${late.length} late jobs on return; all ${seen.size} monitors first in ${looks.length} looks, ${largest} at most in one, within ${spread} ms`,
      ],
    })
  }),
}
