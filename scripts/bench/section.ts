import type { Effect } from "effect"
import type { Figure } from "./figure.ts"

/** What every section is told. */
export interface SectionOptions {
  /** How often what is short is measured: a figure is the median of so many. */
  readonly rounds: number
  /** Sizes and times small enough that all sections take some minutes: it shows that they work, and its figures are none. */
  readonly quick: boolean
  /** How long what is held is held, in minutes. */
  readonly minutes: number
}

/** A part of the benchmark, which starts whatever it needs and leaves nothing behind. */
export interface Section {
  readonly name: string
  readonly run: (options: SectionOptions) => Effect.Effect<ReadonlyArray<Figure>, unknown>
}
