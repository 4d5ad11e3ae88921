import type { Stretch } from "./stretch.ts"
import { fitted } from "./stretch.ts"

/** The ranges that can be chosen by name. */
export const ranges = ["24h", "7d", "30d", "90d", "1y"] as const
export type Range = (typeof ranges)[number]

const day = 86_400_000

/** How long each of them is, in milliseconds. */
export const rangeMs: Readonly<Record<Range, number>> = {
  "24h": day,
  "7d": 7 * day,
  "30d": 30 * day,
  "90d": 90 * day,
  "1y": 365 * day,
}

/** What a chart of response times shows of each bucket. */
export const measures = ["avg", "p50", "p95", "p99"] as const
export type Measure = (typeof measures)[number]

/** What the address of a monitor's page says about its chart. */
export interface ChartSearch {
  /** The last 24 hours when nothing is said. */
  readonly range?: Range | undefined
  /** A stretch of one's own, ISO 8601; both or none, and then `range` says nothing. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** The average when nothing is said. */
  readonly measure?: Measure | undefined
  /** Where the time went, instead of how long it took. */
  readonly view?: "phases" | undefined
  /** Whose phases are shown; those of the first region when nothing is said. */
  readonly region?: string | undefined
}

/** Reads what an address says; what means nothing is left out. */
export const readChartSearch = (search: Record<string, unknown>): ChartSearch => {
  const range = ranges.find((each) => each === search["range"])
  const measure = measures.find((each) => each === search["measure"])
  const { from, region, to } = search
  const own =
    typeof from === "string" && typeof to === "string" && Date.parse(from) < Date.parse(to) && isDated(from, to)
      ? { from, to }
      : undefined
  return {
    ...(own ?? (range === undefined || range === "24h" ? {} : { range })),
    ...(measure === undefined || measure === "avg" ? {} : { measure }),
    ...(search["view"] === "phases" ? { view: "phases" } : {}),
    ...(typeof region === "string" && /^[A-Za-z][\w-]{0,31}$/.test(region) ? { region } : {}),
  }
}

// The years that the api takes.
const isDated = (...texts: ReadonlyArray<string>): boolean => texts.every((text) => /^(19[7-9]|2\d\d)\d-/.test(text))

/** The stretch that an address asks for. */
export const stretchOf = ({ from, range = "24h", to }: ChartSearch, now: number): Stretch =>
  from === undefined || to === undefined
    ? { from: now - rangeMs[range], to: now }
    : fitted({ from: Date.parse(from), to: Date.parse(to) }, now)

/** What an address says to ask for a stretch. */
export const searchOf = ({ from, to }: Stretch): Pick<ChartSearch, "from" | "to" | "range"> => ({
  range: undefined,
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
})
