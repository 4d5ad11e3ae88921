import { Clock, Duration, Effect, Ref, Schedule } from "effect"
import { type Figure, figure } from "./figure.ts"
import { latenessBudget } from "./schedule.ts"
import type { Section, SectionOptions } from "./section.ts"
import { startSuite } from "./suite.ts"

const sizesOf = (quick: boolean) =>
  quick ? { monitors: 2_000, warmUpMs: 8_000 } : { monitors: 100_000, warmUpMs: 65_000 }

/** How often memory and the stream are looked at. */
const lookEvery = "5 seconds"

const measure = Effect.fnUntraced(function* ({ minutes, quick }: SectionOptions) {
  const { monitors, warmUpMs } = sizesOf(quick)
  const suite = yield* startSuite(monitors)
  yield* Effect.sleep(warmUpMs)
  const most = yield* Ref.make({ length: 0, memory: new Map<string, number>() })
  const look = Effect.gen(function* () {
    const { length } = yield* suite.stream
    const used = yield* suite.use
    yield* Ref.update(most, (known) => ({
      length: Math.max(known.length, length),
      memory: new Map(used.map(({ memory, name }) => [name, Math.max(memory, known.memory.get(name) ?? 0)])),
    }))
    return used
  })
  const before = yield* look
  const from = yield* Clock.currentTimeMillis
  yield* look.pipe(Effect.repeat(Schedule.spaced(lookEvery)), Effect.timeoutOption(Duration.minutes(minutes)))
  const after = yield* look
  const to = yield* Clock.currentTimeMillis
  const account = yield* suite.finish
  const lateness = yield* suite.lateness(from, to)
  const { length, memory } = yield* Ref.get(most)

  const processFigures = after.flatMap(({ cpu, name, share }): ReadonlyArray<Figure> => {
    const took = cpu - (before.find((process) => process.name === name)?.cpu ?? 0)
    return [
      figure(`${name}: of a core`, (100 * took) / 1000 / (to - from), "%"),
      figure(`${name}: per check`, took / (share * lateness.checks), "µs"),
      figure(`${name}: memory at most`, (memory.get(name) ?? 0) / 2 ** 20, "MB"),
    ]
  })
  return [
    figure("monitors at 60 s, two regions", monitors, ""),
    figure("held for", (to - from) / 1000, "s"),
    figure("checks", (1000 * lateness.checks) / (to - from), "/s", { floor: (monitors * 2) / 60 }),
    figure("lateness, p50", lateness.p50, "ms"),
    figure("lateness, p99", lateness.p99, "ms", { budget: latenessBudget }),
    figure("lateness, latest of all", lateness.max, "ms"),
    ...processFigures,
    figure("stream at its longest", length, ""),
    figure("rows", account.rows, ""),
    figure("checks that expired", lateness.expired, "", { budget: 0 }),
    figure("slots passed over", account.coalesced, "", { budget: 0 }),
    figure("lost", account.lost, "", { budget: 0 }),
    figure("doubled", account.doubled, "", { budget: 0 }),
  ]
}, Effect.scoped)

/** A hundred thousand monitors, kept up for a while: what each process takes for it, and whether every check is there once. */
export const hold: Section = { name: "hold", run: measure }
