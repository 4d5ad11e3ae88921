import { Effect } from "effect"
import type { Fault } from "../Fault.ts"
import { results } from "../History.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { awaitStarted, startAll } from "../Started.ts"

/**
 * The only worker of a region computes for twenty seconds and does nothing else, with checks under way, and the next time for
 * forty, in which a second one takes over what it held.
 */
export const eventLoopBlocked: Fault = {
  id: "F23",
  name: "a worker's event loop blocked",
  promise:
    "what it measured meanwhile is no failure of the target: no row says Down, no incident; its leases pass to another",
  world: { regions: ["USA"] },
  limitSeconds: 400,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole } = world
    const load = yield* monitorLoad(world, 100)
    yield* Effect.forEach(load.ids, (id) => world.farm.answer(load.pathOf(id), { _tag: "Slow", delayMs: 2_000 }))
    const block = (seconds: number) => ({ observed: true, env: { BLOCK_SECONDS: String(seconds) } })
    const [first] = yield* startAll([apps.worker("USA", block(20)), apps.producer({ observed: true })])
    if (first === undefined) return yield* Effect.dieMessage("no worker")
    yield* Effect.sleep("15 seconds")
    yield* first.kill("SIGUSR2")
    yield* Effect.sleep("35 seconds")
    if (isWhole) {
      const second = yield* Effect.flatMap(apps.worker("USA", block(45)), awaitStarted)
      yield* Effect.sleep("5 seconds")
      yield* second.kill("SIGUSR2")
      yield* Effect.sleep("70 seconds")
    }
    const isQuiet = yield* load.rest
    const stored = yield* results(world)
    const wrong = stored.filter(({ status }) => status === "Down")
    const unknown = stored.filter(({ isChecked, status }) => isChecked && status === "Unknown")
    return yield* rowOf(eventLoopBlocked, world, {
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending"),
        ...expect("there was something to spoil", unknown.length > 0, "no check was under way"),
        ...expect("no row says Down", wrong.length === 0, `${wrong.length} rows`),
      ],
      remarks: [`${unknown.length} checks are Unknown because of it`],
    })
  }),
}
