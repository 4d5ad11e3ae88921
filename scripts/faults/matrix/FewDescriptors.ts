import { execFile } from "node:child_process"
import * as Net from "node:net"
import { Effect } from "effect"
import type { App } from "../Apps.ts"
import { ask } from "../Ask.ts"
import type { Fault } from "../Fault.ts"
import { results } from "../History.ts"
import { jobLoad } from "../JobLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { awaitStarted, startAll } from "../Started.ts"

/** How many descriptors a process may have open from now on. */
const limitDescriptors = (app: App, count: number): Effect.Effect<void, Error> =>
  Effect.async((resume) => {
    execFile("prlimit", ["--pid", String(app.pid), `--nofile=${count}:`], (error) =>
      resume(error === null ? Effect.void : Effect.fail(error)),
    )
  })

/** Whether a process still runs. */
const lives = (app: App): Effect.Effect<boolean> =>
  Effect.sync(() => {
    try {
      return process.kill(app.pid, 0)
    } catch {
      return false
    }
  })

/** Connections that are opened, ask for nothing, and are closed again after so many milliseconds. */
const crowd = (url: string, count: number, ms: number): Effect.Effect<void> =>
  Effect.acquireUseRelease(
    Effect.sync(() =>
      Array.from({ length: count }, () => {
        const { hostname, port } = new URL(url)
        return Net.connect(Number(port), hostname).on("error", () => {})
      }),
    ),
    () => Effect.sleep(ms),
    (sockets) =>
      Effect.sync(() => {
        for (const socket of sockets) socket.destroy()
      }),
  )

/** A worker and an api that may have 64 files open and want more: a hundred checks at once, a hundred connections at once. */
export const fewDescriptors: Fault = {
  id: "F24",
  name: "64 file descriptors",
  promise: "what a worker has no descriptor for is Unknown, never Down; nobody ends; as before once there are enough",
  world: { regions: ["USA"] },
  needsApi: true,
  run: (world) =>
    Effect.gen(function* () {
      const { apps, now } = world
      const load = yield* jobLoad(world, 300, "slow/500")
      const [worker] = yield* startAll([apps.worker("USA", { observed: true })])
      const api = yield* Effect.flatMap(apps.api(), awaitStarted)
      if (worker === undefined) return yield* Effect.dieMessage("no worker")
      yield* load.untilStored
      yield* limitDescriptors(worker, 64)
      yield* limitDescriptors(api, 64)
      const from = yield* now
      const starved = load.untilStored
      yield* Effect.zip(starved, crowd(api.url, 100, 4_000), { concurrent: true })
      yield* Effect.zip(starved, crowd(api.url, 100, 4_000), { concurrent: true })
      const to = yield* now
      const { status } = yield* ask(`${api.url}/healthz`)
      yield* limitDescriptors(worker, 1_024)
      yield* limitDescriptors(api, 1_024)
      const recoverMs = yield* load.untilStored
      const isQuiet = yield* world.quiet(20)
      const both = [yield* lives(worker), yield* lives(api)]
      const stored = yield* results(world)
      const during = stored.filter(({ slot }) => slot >= from && slot < to)
      const later = stored.filter(({ slot }) => slot >= to)
      const unknown = during.filter(({ status }) => status === "Unknown").length
      return yield* rowOf(fewDescriptors, world, {
        recoverMs,
        breaches: [
          ...expect("nothing stays pending", isQuiet, "entries still pending after 20 s"),
          ...expect("both go on", both.every(Boolean), `worker ${both[0]}, api ${both[1]}`),
          ...expect("the api answers again", status === 200, `status ${status} of /healthz`),
          ...expect("some had none", unknown > 0, "no check was without a descriptor: nothing was tried"),
          ...expect(
            "no row says Down",
            stored.every(({ status }) => status !== "Down"),
            "there are",
          ),
          ...expect(
            "as before afterwards",
            later.every(({ status }) => status === "Up"),
            "not all are Up",
          ),
        ],
        remarks: [`${unknown} of ${during.length} checks were Unknown`],
      })
    }),
}
