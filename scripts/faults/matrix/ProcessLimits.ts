import { execFile } from "node:child_process"
import * as Net from "node:net"
import { Duration, Effect } from "effect"
import type { App } from "../Apps.ts"
import { ask } from "../Ask.ts"
import { becomes } from "../Becomes.ts"
import type { Fault } from "../Fault.ts"
import { results } from "../History.ts"
import { jobLoad } from "../JobLoad.ts"
import { pendingOf } from "../Pending.ts"
import { sizeOf } from "../ProcessStatus.ts"
import { expect, rowOf } from "../rowOf.ts"
import { awaitStarted, startAll } from "../Started.ts"

/** Sets a limit of a process that runs, from now on: `nofile=64`, `as=unlimited`. */
const setLimit = (app: App, limit: string): Effect.Effect<void, Error> =>
  Effect.async((resume) => {
    execFile("prlimit", ["--pid", String(app.pid), `--${limit}:`], (error) =>
      resume(error === null ? Effect.void : Effect.fail(error)),
    )
  })

/** Lets a process map no more memory than it has: its heap, its buffers and its threads have what they have. */
const allowNoMoreMemory = (app: App): Effect.Effect<void, Error> =>
  Effect.suspend(() => setLimit(app, `as=${sizeOf(app.pid, "VmSize")}`))

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

/**
 * A worker and an api that may have 64 files open and want more: a hundred checks at once, a hundred connections at once.
 * Then they may map no more memory: whoever cannot go on without ends, and is started again as a supervisor would.
 */
export const processLimits: Fault = {
  id: "F24",
  name: "64 file descriptors; no more memory",
  promise:
    "what a worker has no descriptor for is Unknown, never Down, and nobody ends; without memory nothing is lost, and who is started again stays; as before once there is enough",
  world: { regions: ["USA"] },
  needsApi: true,
  limitSeconds: 360,
  run: Effect.fnUntraced(function* (world) {
    const { apps, now } = world
    const load = yield* jobLoad(world, 300, "slow/500")
    const [worker] = yield* startAll([apps.worker("USA", { observed: true })])
    const api = yield* Effect.flatMap(apps.api(), awaitStarted)
    if (worker === undefined) return yield* Effect.dieMessage("no worker")
    yield* load.untilStored
    yield* setLimit(worker, "nofile=64")
    yield* setLimit(api, "nofile=64")
    const from = yield* now
    const starved = load.untilStored
    yield* Effect.zip(starved, crowd(api.url, 100, 4_000), { concurrent: true })
    yield* Effect.zip(starved, crowd(api.url, 100, 4_000), { concurrent: true })
    const to = yield* now
    // Who comes while the crowd still waits to be taken is sent away with it.
    const [waited, isBack] = yield* Effect.timed(
      becomes(ask(`${api.url}/healthz`), ({ status }) => status === 200, "5 seconds"),
    )
    yield* setLimit(worker, "nofile=1024")
    yield* setLimit(api, "nofile=1024")
    const recoverMs = yield* load.untilStored
    const isQuiet = yield* world.quiet(20)
    const both = [yield* lives(worker), yield* lives(api)]
    const stored = yield* results(world)
    const during = stored.filter(({ slot }) => slot >= from && slot < to)
    const unknown = during.filter(({ status }) => status === "Unknown").length

    yield* allowNoMoreMemory(worker)
    yield* allowNoMoreMemory(api)
    yield* Effect.zip(load.run(20, 300), Effect.repeatN(crowd(api.url, 100, 4_000), 4), { concurrent: true })
    const left = yield* Effect.forEach([worker, api], lives)
    const inHand = left[0] === true ? null : yield* pendingOf(world, worker.pid)
    for (const app of [worker, api]) if (yield* lives(app)) yield* setLimit(app, "as=unlimited")
    const again = yield* startAll([
      ...(left[0] === true ? [] : [apps.worker("USA", { observed: true })]),
      ...(left[1] === true ? [] : [apps.api()]),
    ])
    const isTakenOver = yield* world.quiet(90)
    const last = yield* now
    yield* load.untilStored
    const stay = yield* Effect.forEach(again, lives)
    const all = yield* results(world)
    const after = all.filter(({ slot }) => slot >= last)
    const later = stored.filter(({ slot }) => slot >= to)
    return yield* rowOf(processLimits, world, {
      recoverMs,
      ...(inHand === null ? {} : { twiceAtMost: inHand }),
      breaches: [
        ...expect("nothing stays pending", isQuiet, "entries still pending after 20 s"),
        ...expect("both go on", both.every(Boolean), `worker ${both[0]}, api ${both[1]}`),
        ...expect("the api answers again", isBack, "not within five seconds after its crowd had gone"),
        ...expect("some had none", unknown > 0, "no check was without a descriptor: nothing was tried"),
        ...expect("what was without memory is done", isTakenOver, "entries still pending after 90 s"),
        ...expect("who is started again stays", stay.every(Boolean), "one has ended again"),
        ...expect(
          "no row says Down",
          all.every(({ status }) => status !== "Down"),
          "there are",
        ),
        ...expect(
          "as before afterwards",
          [...later, ...after].every(({ status }) => status === "Up"),
          "not all are Up",
        ),
      ],
      remarks: [
        `${unknown} of ${during.length} checks were Unknown for want of descriptors; the api answered again within ${Duration.toMillis(waited).toFixed(0)} ms`,
        `without memory: the worker ${left[0] === true ? "went on" : "ended"}, the api ${left[1] === true ? "went on" : "ended"}`,
      ],
    })
  }),
}
