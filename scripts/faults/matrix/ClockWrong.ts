import { Effect } from "effect"
import type { Fault } from "../Fault.ts"
import { results } from "../History.ts"
import { metric } from "../Metric.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { awaitStarted, startAll } from "../Started.ts"

/** How wrong a clock is, in milliseconds, and how long after the start of its process it becomes so. */
interface Shift {
  readonly ms: number
  readonly afterMs: number
}

/** A module that Node loads before a process's own: the wall clock is so many milliseconds off, the monotonic one is not. */
const shiftedBy = ({ afterMs, ms }: Shift): string => {
  const source = `
    const Real = Date
    const now = () => Real.now() + (performance.now() < ${afterMs} ? 0 : ${ms})
    globalThis.Date = class Date extends Real {
      constructor(...args) { args.length === 0 ? super(now()) : super(...args) }
      static now() { return now() }
    }`
  return `--import=data:text/javascript,${encodeURIComponent(source)}`
}

const minute = 60_000

const shifts: ReadonlyArray<Shift> = [
  { ms: 5 * minute, afterMs: 0 },
  { ms: -5 * minute, afterMs: 0 },
  { ms: -60 * minute, afterMs: 0 },
  { ms: -60 * minute, afterMs: 15_000 },
]

/**
 * Workers and producers on machines whose clocks are wrong, one after the other: five minutes ahead, five behind, an hour
 * behind, and right until it jumps back by an hour.
 * The worker of the other region is on a machine whose clock is right.
 */
export const clockWrong: Fault = {
  id: "F22",
  name: "a machine's clock wrong",
  promise:
    "the process says so within a minute; no incident, no slot out of its grid, no time that is nonsense; no double",
  limitSeconds: 480,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, plan, sql } = world
    const load = yield* monitorLoad(world, 50)
    yield* startAll([apps.worker("India", { observed: true }), apps.producer({ observed: true })])
    const remarks: Array<string> = []
    const wrong: Array<string> = []
    for (const shift of plan.shuffle(shifts)) {
      yield* Effect.gen(function* () {
        const how = { observed: true, env: { NODE_OPTIONS: shiftedBy(shift) } }
        const worker = yield* Effect.flatMap(apps.worker("USA", how), awaitStarted)
        const producer = yield* Effect.flatMap(apps.producer(how), awaitStarted)
        const from = yield* now
        yield* Effect.sleep(isWhole ? "70 seconds" : "25 seconds")
        const own = (yield* results(world)).filter(({ region, slot }) => region === "USA" && slot > from)
        const skew = yield* metric(worker, "uptime_clock_skew_seconds")
        const isTold = (yield* worker.output).includes("clock is")
        // Looked for every minute: a jump is seen by then.
        const isDue = shift.afterMs === 0 || isWhole
        if (isDue && (Math.abs(skew * 1_000 - shift.ms) > 2_000 || !isTold)) {
          wrong.push(`skew ${skew} s told for ${shift.ms / 1_000}`)
        }
        remarks.push(
          `${shift.ms / minute} min${shift.afterMs > 0 ? " by a jump" : ""}: ${own.length} rows, ${own.filter(({ isExpired }) => isExpired).length} too late, ${
            own.filter(({ status }) => status === "Up").length
          } Up`,
        )
        yield* worker.kill("SIGTERM")
        yield* producer.kill("SIGTERM")
        yield* Effect.zip(worker.ended, producer.ended)
      }).pipe(Effect.scoped)
    }
    const right = yield* Effect.flatMap(apps.worker("USA", { observed: true }), awaitStarted)
    yield* Effect.sleep("25 seconds")
    const skew = yield* metric(right, "uptime_clock_skew_seconds")
    const isQuiet = yield* load.rest
    const [odd] = yield* sql<{ readonly n: number }>`
        SELECT count(*)::int AS n FROM check_results WHERE response_time_ms NOT BETWEEN 0 AND 20000`
    const stored = yield* results(world)
    const at = yield* now
    const ahead = stored.filter(({ slot }) => slot > at + 1_000).length
    return yield* rowOf(clockWrong, world, {
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending after 30 s"),
        ...expect("the process says so", wrong.length === 0, wrong.join("; ")),
        ...expect("a right clock is none", Math.abs(skew) < 1, `${skew} s`),
        ...expect("no slot of the future", ahead === 0, `${ahead} rows`),
        ...expect("durations are sane", odd?.n === 0, `${odd?.n} rows`),
        ...expect(
          "no row says Down",
          stored.every(({ status }) => status !== "Down"),
          "there are",
        ),
      ],
      remarks: [
        remarks.join("; "),
        `${load.ids.length} monitors; the clock is shifted by a module that Node loads first`,
      ],
    })
  }),
}
