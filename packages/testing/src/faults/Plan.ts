/** Where the instants, the victims and the order of a fault are drawn from: the same seed draws the same. */
export interface Plan {
  readonly seed: number
  /** A whole number from `least` to `most`. */
  readonly between: (least: number, most: number) => number
  /** A number from 0 to below 1. */
  readonly random: () => number
  /** One of some. */
  readonly pick: <A>(some: readonly [A, ...Array<A>]) => A
  /** The same in another order. */
  readonly shuffle: <A>(some: ReadonlyArray<A>) => ReadonlyArray<A>
  /** A plan of its own for what runs at the same time: its draws do not depend on who draws first. */
  readonly of: (name: string) => Plan
}

/** A plan from a seed (a whole number) and the name of what it is for. */
export const plan = (seed: number, name: string): Plan => {
  let state = hash(`${seed} ${name}`)
  /** Mulberry32: 32 bits of state, which is plenty for a few thousand draws. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  return {
    seed,
    random: next,
    between,
    pick: (some) => some[between(0, some.length - 1)] ?? some[0],
    shuffle: (some) => {
      const rest = [...some]
      return some.flatMap(() => rest.splice(between(0, rest.length - 1), 1))
    },
    of: (part) => plan(seed, `${name} ${part}`),
  }
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}
