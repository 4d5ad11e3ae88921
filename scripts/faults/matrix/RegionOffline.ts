import { Effect } from "effect"
import * as TcpProxy from "../../../packages/testing/src/TcpProxy.ts"
import type { Fault } from "../Fault.ts"
import { results } from "../History.ts"
import { metric } from "../Metric.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

const monitors = 60

/**
 * One of three regions loses its internet: its worker reaches its targets and its canary no more, refused at once and then
 * silent, while the database and Redis are there. A site that really goes down meanwhile is noticed all the same.
 */
export const regionOffline: Fault = {
  id: "F25",
  name: "a region loses its internet",
  promise:
    "the region says that it is impaired, its results are Unknown, no incident; a real outage is noticed by the others",
  world: { regions: ["USA", "India", "Germany"] },
  limitSeconds: 400,
  run: Effect.fnUntraced(function* (world) {
    const { apps, farm, isWhole, now, plan } = world
    const internet = yield* TcpProxy.make(farm.port)
    const load = yield* monitorLoad(world, monitors)
    const canary = `127.0.0.1:${farm.port}`
    const [india] = yield* startAll([
      apps.worker("India", {
        observed: true,
        env: { FARM_DETOUR: String(internet.port), CANARIES: `127.0.0.1:${internet.port}` },
      }),
      apps.worker("USA", { observed: true, env: { CANARIES: canary } }),
      apps.worker("Germany", { observed: true, env: { CANARIES: canary } }),
      apps.producer({ observed: true }),
    ])
    if (india === undefined) return yield* Effect.dieMessage("no worker")
    const seconds = isWhole ? 90 : 25
    yield* Effect.sleep("25 seconds")

    const from = yield* now
    yield* internet.refuse
    yield* Effect.sleep("15 seconds")
    const impaired = yield* metric(india, "uptime_worker_impaired")
    yield* Effect.sleep((seconds - 15) * 1_000)
    yield* internet.heal
    yield* Effect.sleep("12 seconds")
    const to = yield* now
    const back = yield* metric(india, "uptime_worker_impaired")
    const downOfIndia = Effect.map(
      results(world),
      (all) => all.filter(({ region, status }) => region === "India" && status === "Down").length,
    )
    const wrong = yield* downOfIndia
    const instants = (yield* results(world)).flatMap(({ checkedAt, status }) =>
      status === "Down" ? [((checkedAt - from) / 1_000).toFixed(0)] : [],
    )

    // Connections open and nothing comes: to its canary all is well, and only the other regions know better.
    yield* internet.blackHole
    yield* Effect.sleep(seconds * 1_000)
    yield* internet.heal
    yield* Effect.sleep("12 seconds")
    const outvoted = (yield* downOfIndia) - wrong

    const victim = load.ids[plan.between(0, monitors - 1)]
    if (victim === undefined) return yield* Effect.dieMessage("no monitor")
    yield* internet.refuse
    const restore = yield* load.takeDown(victim)
    yield* Effect.sleep("35 seconds")
    yield* restore
    yield* internet.heal
    yield* Effect.sleep("30 seconds")
    const isQuiet = yield* load.rest
    return yield* rowOf(regionOffline, world, {
      confirmMs: 30_000,
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending"),
        ...expect("the region is impaired", impaired === 1, `uptime_worker_impaired ${impaired}`),
        ...expect("and not afterwards", back === 0, `uptime_worker_impaired ${back}`),
        ...expect(
          "what it cannot reach is Unknown",
          wrong === 0,
          `${wrong} rows of India are Down, at ${[...new Set(instants)].join(", ")} s`,
        ),
      ],
      remarks: [
        `refused for ${((to - from) / 1_000).toFixed(0)} s: impaired ${impaired}, afterwards ${back}; silent: ${outvoted} checks of the region Down and outvoted`,
      ],
    })
  }),
}
