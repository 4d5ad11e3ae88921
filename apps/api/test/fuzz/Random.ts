import { PCGRandom } from "effect/Utils"

/** Choices that a seed decides. */
export interface Random {
  /** A whole number from 0 up to, but not, `limit`. */
  readonly below: (limit: number) => number
  /** True so often, from 0 to 1. */
  readonly chance: (probability: number) => boolean
  /** One of them. */
  readonly pick: <A>(items: readonly [A, ...ReadonlyArray<A>]) => A
  /** One of them; undefined where there is none. */
  readonly any: <A>(items: ReadonlyArray<A>) => A | undefined
}

/** Choices that follow from a seed alone. */
export const makeRandom = (seed: number): Random => {
  const generator = new PCGRandom(seed)
  const below = (limit: number): number => generator.integer(limit)
  return {
    below,
    chance: (probability) => generator.number() < probability,
    pick: (items) => items[below(items.length)] ?? items[0],
    any: (items) => (items.length === 0 ? undefined : items[below(items.length)]),
  }
}
