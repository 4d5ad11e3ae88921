import { Arbitrary, FastCheck, Predicate, type Schema } from "effect"

/** A place in a value at which a text stands. */
export interface TextPlace<A> {
  /** The fields that lead to it, list positions left out: `auth.tokenUrl`. */
  readonly name: string
  /** The value with another text there. */
  readonly put: (text: string) => unknown
  readonly value: A
}

/** How many values of a schema are looked at for places. */
const looked = 150

/**
 * Every place at which values of a schema may have a text, each once, found by looking at many of them: a field that is new in
 * the schema is found without a word about it anywhere.
 */
export const textPlaces = <A, I>(schema: Schema.Schema<A, I>): ReadonlyArray<TextPlace<A>> => {
  const places = new Map<string, TextPlace<A>>()
  for (const value of FastCheck.sample(Arbitrary.make(schema), { numRuns: looked, seed: 7 })) {
    for (const path of pathsOf(value)) {
      const name = path.filter((part) => !/^\d+$/.test(part)).join(".")
      const before = places.get(name)
      // The smaller a value is, the less else there is in it that could end a check early.
      if (before !== undefined && sizeOf(before.value) <= sizeOf(value)) continue
      places.set(name, { name, value, put: (text) => putAt(value, path, text) })
    }
  }
  return [...places.values()]
}

const sizeOf = (value: unknown): number => JSON.stringify(value).length

const pathsOf = (value: unknown): ReadonlyArray<ReadonlyArray<string>> => {
  if (Predicate.isString(value)) return [[]]
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner).map((path) => [name, ...path]))
}

const putAt = (value: unknown, [name, ...rest]: ReadonlyArray<string>, text: string): unknown => {
  if (name === undefined) return text
  if (Array.isArray(value)) return value.map((inner, i) => (String(i) === name ? putAt(inner, rest, text) : inner))
  if (!Predicate.isRecord(value)) return value
  return { ...value, [name]: putAt(value[name], rest, text) }
}
