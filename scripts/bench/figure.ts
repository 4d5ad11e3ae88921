/** What a figure counts; of `/s` more is better, of all others less. `×` is a ratio, `shift` a layout shift. */
export type Unit = "µs" | "ms" | "s" | "B" | "KB" | "MB" | "GB" | "%" | "frames" | "shift" | "×" | "/s" | ""

/** One line of a table. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: Unit
  /** The same by nothing but what cannot be left out, measured in the same run; null where there is nothing of the kind. */
  readonly floor: number | null
  /** The most that it may be, or the least where more is better; null for what is only told. */
  readonly budget: number | null
}

/** A figure, without floor and budget unless they are given. */
export const figure = (
  name: string,
  value: number,
  unit: Unit,
  { budget = null, floor = null }: Partial<Pick<Figure, "budget" | "floor">> = {},
): Figure => ({ name, value, unit, floor, budget })

/** A value that so much of all is no more than, such as 0.95; 0 of none. */
export const quantile = (values: ReadonlyArray<number>, share: number): number => {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

/** The value in the middle; 0 of none. */
export const median = (values: ReadonlyArray<number>): number => quantile(values, 0.5)

/** Whether a figure is within its budget, or has none. */
export const isMet = ({ budget, unit, value }: Figure): boolean =>
  budget === null || (unit === "/s" ? value >= budget : value <= budget)

const rounded = (value: number, unit: Unit): string => {
  if (unit === "shift") return value.toFixed(3)
  if (unit === "×") return value.toFixed(2)
  if (unit === "") return value.toLocaleString("en", { maximumFractionDigits: 0 })
  return Math.abs(value) >= 100 ? value.toLocaleString("en", { maximumFractionDigits: 0 }) : value.toFixed(1)
}

const withUnit = (value: number, unit: Unit): string => `${rounded(value, unit)} ${unit}`.trimEnd()

const nameWidth = 62
const columnWidth = 14

/** The names of the columns that `tableOf` fills. */
export const tableHead = [
  "".padEnd(nameWidth),
  ...["measured", "floor", "× floor"].map((name) => name.padStart(columnWidth)),
  "   budget",
].join("")

/** Value, floor, the ratio of the two, budget and whether it is met, as texts; empty where there is none. */
const cellsOf = (line: Figure): ReadonlyArray<string> => {
  const { budget, floor, unit, value } = line
  return [
    withUnit(value, unit),
    floor === null ? "" : withUnit(floor, unit),
    floor === null || floor === 0 ? "" : (value / floor).toFixed(2),
    budget === null ? "" : `${unit === "/s" ? ">=" : "<="} ${withUnit(budget, unit)}`,
    isMet(line) ? "" : "OVER",
  ]
}

/** The figures as lines: name, value, floor, the ratio of the two, budget, and whether it is met. */
export const tableOf = (figures: ReadonlyArray<Figure>): string =>
  figures
    .map((line) => {
      const [value = "", floor = "", ratio = "", budget = "", over = ""] = cellsOf(line)
      const cells = [value, floor, ratio].map((cell) => cell.padStart(columnWidth))
      return `${line.name.padEnd(nameWidth)}${cells.join("")}   ${budget}   ${over}`.trimEnd()
    })
    .join("\n")

/** The same as a table in Markdown. */
export const markdownTable = (figures: ReadonlyArray<Figure>): string =>
  [
    "| | measured | floor | × floor | budget | |",
    "| --- | ---: | ---: | ---: | ---: | --- |",
    ...figures.map((line) => `| ${[line.name, ...cellsOf(line)].join(" | ")} |`),
  ].join("\n")
