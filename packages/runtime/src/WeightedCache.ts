interface Held<A> {
  readonly value: A
  readonly weight: number
}

/** A cache of bounded weight: what was used longest ago makes room. */
export class WeightedCache<A> {
  readonly #held = new Map<string, Held<A>>()
  readonly #maxWeight: number
  #weight = 0

  /** @param maxWeight the most that all values may weigh together, in bytes, say */
  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight
  }

  /** What all values weigh together. */
  get weight(): number {
    return this.#weight
  }

  /** The value of a key, which is then the one that was used last. */
  get(key: string): A | undefined {
    const held = this.#held.get(key)
    if (held === undefined) return undefined
    this.#held.delete(key)
    this.#held.set(key, held)
    return held.value
  }

  /** Keeps a value, in place of the one that the key had; one that is heavier than the cache may be is not kept. */
  set(key: string, value: A, weight: number): void {
    this.delete(key)
    if (weight > this.#maxWeight) return
    this.#held.set(key, { value, weight })
    this.#weight += weight
    for (const oldest of this.#held.keys()) {
      if (this.#weight <= this.#maxWeight) return
      this.delete(oldest)
    }
  }

  /** Forgets a value. */
  delete(key: string): void {
    const held = this.#held.get(key)
    if (held === undefined) return
    this.#held.delete(key)
    this.#weight -= held.weight
  }
}
