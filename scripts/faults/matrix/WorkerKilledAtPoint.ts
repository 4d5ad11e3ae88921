import { Effect } from "effect"
import type { App } from "../Apps.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { pendingOf } from "../Pending.ts"
import { expect, rowOf } from "../rowOf.ts"
import { awaitStarted } from "../Started.ts"

/** Points that a worker kills itself at (`apps/`), with new jobs in its hands. */
const inside = ["after-read", "mid-check", "before-insert", "after-commit"] as const

/** Points at which a server has done what it was told and the worker has not heard of it: there it is killed from outside. */
const between = [
  { name: "before the commit's reply", link: "postgres", command: "commit" },
  { name: "before the acknowledgement's reply", link: "redis", command: "xack" },
] as const

const jobsPerDeath = 50

/**
 * Workers that are alone with new jobs and die over them, each at another point, and one that dies taking over what they left;
 * then one that lives takes over.
 */
export const workerKilledAtPoint: Fault = {
  id: "F2",
  name: "worker killed at each point",
  promise: "one row for each job, whatever the point; checked again only what was in hand",
  world: { regions: ["USA"] },
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, ownLinks, plan } = world
    const load = yield* jobLoad(world, jobsPerDeath, "slow/200")
    const publish = Effect.flatMap(now, (slot) => load.publish(0, jobsPerDeath, slot))
    const deaths: Array<string> = []
    let inHand = 0

    const bury = (app: App, point: string) =>
      app.ended.pipe(
        Effect.timeoutFail({ duration: "60 seconds", onTimeout: () => new Error(`nobody died ${point}`) }),
        Effect.zipRight(pendingOf(world, app.pid)),
        Effect.tap((pending) =>
          Effect.sync(() => {
            deaths.push(`${point}: ${pending}`)
            inHand += pending
          }),
        ),
      )

    for (const killAt of isWhole ? plan.shuffle(inside) : (["after-commit"] as const)) {
      const app = yield* Effect.flatMap(apps.worker("USA", { killAt }), awaitStarted)
      yield* publish
      yield* bury(app, killAt)
    }
    for (const { command, link, name } of isWhole ? plan.shuffle(between) : []) {
      const links = yield* ownLinks
      const app = yield* Effect.flatMap(apps.worker("USA", { links, observed: true }), awaitStarted)
      const answered = yield* links[link].holdAnswerTo(command)
      yield* publish
      yield* answered
      yield* app.kill()
      yield* bury(app, name)
    }
    if (isWhole) yield* bury(yield* apps.worker("USA", { killAt: "during-reclaim" }), "during-reclaim")
    // What is handed out for the third time may be what kills workers: it is run alone, one job after the other.
    const limitMs = isWhole ? 60_000 : 37_000

    const died = yield* now
    yield* Effect.flatMap(apps.worker("USA", { observed: true }), awaitStarted)
    const isQuiet = yield* world.quiet(90)
    const takeoverMs = (yield* now) - died - 3_000
    return yield* rowOf(workerKilledAtPoint, world, {
      takeoverMs,
      recoverMs: takeoverMs,
      twiceAtMost: inHand,
      breaches: [
        ...expect("everything is taken over", isQuiet, "entries still pending after 90 s"),
        ...expect(`taken over within ${limitMs / 1000} s`, takeoverMs <= limitMs, `${takeoverMs} ms`),
      ],
      remarks: [`entries in the hands of the killed, ${deaths.join(", ")}`],
    })
  }),
}
