import { Clock, Console, Effect } from "effect"
import { type Figure, figure, median } from "./figure.ts"
import type { Section, SectionOptions } from "./section.ts"
import { type Lateness, startSuite } from "./suite.ts"

const sizesOf = (quick: boolean) =>
  quick
    ? { counts: [500], warmUpMs: 8_000, roundMs: 6_000 }
    : { counts: [1_000, 10_000, 100_000], warmUpMs: 65_000, roundMs: 60_000 }

/** The most that the 99th percentile may be, in milliseconds. */
export const latenessBudget = 2_000

const figuresOf = (monitors: number, rounds: ReadonlyArray<Lateness>): ReadonlyArray<Figure> => {
  const name = `${monitors.toLocaleString("en")} monitors`
  const of = (what: keyof Lateness) => median(rounds.map((round) => round[what]))
  return [
    figure(`${name}: lateness, p50`, of("p50"), "ms"),
    figure(`${name}: lateness, p99`, of("p99"), "ms", { budget: latenessBudget }),
    figure(`${name}: lateness, latest of all`, Math.max(...rounds.map(({ max }) => max)), "ms"),
    figure(
      `${name}: checks that expired`,
      rounds.reduce((sum, { expired }) => sum + expired, 0),
      "",
      { budget: 0 },
    ),
  ]
}

const measure = ({ quick, rounds }: SectionOptions) => {
  const { counts, roundMs, warmUpMs } = sizesOf(quick)
  const one = Effect.fnUntraced(function* (monitors: number) {
    const suite = yield* startSuite(monitors)
    yield* Effect.sleep(warmUpMs)
    const began = yield* Clock.currentTimeMillis
    yield* Effect.sleep(rounds * roundMs)
    yield* suite.finish
    const measured = yield* Effect.forEach(Array.from({ length: rounds }), (_, n) =>
      suite.lateness(began + n * roundMs, began + (n + 1) * roundMs),
    )
    yield* Console.error(`${monitors.toLocaleString("en")} monitors measured`)
    return figuresOf(monitors, measured)
  }, Effect.scoped)
  return Effect.map(Effect.forEach(counts, one), (figures) => figures.flat())
}

/**
 * How late a check begins after its slot, with so many monitors at 60 s from two regions. A producer looks once a second, so
 * half a second is the least there is.
 */
export const schedule: Section = { name: "schedule", run: measure }
