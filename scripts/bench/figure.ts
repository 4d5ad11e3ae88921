/** One line of a table. */
export interface Figure {
  readonly name: string
  readonly value: number
  /** `×` for a ratio, `shift` for a layout shift. */
  readonly unit: "µs" | "ms" | "KB" | "MB" | "%" | "frames" | "shift" | "×"
  /** The most that it may be; null for what is only told. */
  readonly budget: number | null
}

/** A value that so much of all is no more than, such as 0.95; 0 of none. */
export const quantile = (values: ReadonlyArray<number>, share: number): number => {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

/** The value in the middle; 0 of none. */
export const median = (values: ReadonlyArray<number>): number => quantile(values, 0.5)

const rounded = (value: number, unit: Figure["unit"]): string => {
  if (unit === "shift") return value.toFixed(3)
  if (unit === "×") return value.toFixed(2)
  return value >= 100 ? value.toFixed(0) : value.toFixed(1)
}

/** The figures as lines: name, value with its unit, budget, and whether it is met. */
export const tableOf = (figures: ReadonlyArray<Figure>): string =>
  figures
    .map(({ budget, name, unit, value }) => {
      const figure = `${rounded(value, unit)} ${unit}`.padStart(14)
      const verdict = budget === null ? "" : `<= ${rounded(budget, unit)} ${unit}${value <= budget ? "" : "   OVER"}`
      return `${name.padEnd(52)}${figure}   ${verdict}`.trimEnd()
    })
    .join("\n")
