/** The relative error of a quantile. */
export const relativeError = 0.02
/** γ, the ratio of two neighbouring bucket bounds. SQL that fills buckets uses this very number. */
export const gamma = (1 + relativeError) / (1 - relativeError)
/** Times up to this many milliseconds share bucket 0. */
export const minMs = 0.05
/** The last bucket; it holds everything above ten minutes. */
export const maxBucket = Math.ceil(Math.log(600_000 / minMs) / Math.log(gamma))

/** The bucket of a response time in milliseconds. */
export const bucketOf = (ms: number): number =>
  ms <= minMs ? 0 : Math.min(maxBucket, Math.ceil(Math.log(ms / minMs) / Math.log(gamma)))

/** The response time, in milliseconds, that stands for a bucket: within 2 % of all it holds. */
export const bucketValue = (bucket: number): number =>
  bucket === 0 ? minMs : (2 * minMs * gamma ** bucket) / (gamma + 1)

/**
 * A histogram of response times with a relative error of 2 %, after DDSketch (Masson, Rim, Lee: "DDSketch: a
 * fast and fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019). Bucket `i` holds
 * `(minMs × γ^(i−1), minMs × γ^i]` with γ = 1.02 / 0.98; everything up to `minMs` is bucket 0. Sums of histograms are
 * histograms, so hours add up to days and regions to a whole: entry by entry, since three months of a monitor are tens of
 * thousands, which no map need hold.
 */
export class LatencyHistogram {
  readonly #counts = new Float64Array(maxBucket + 1)
  #lowest = maxBucket
  #highest = 0
  #total = 0

  /** How many observations were added. */
  get total(): number {
    return this.#total
  }

  /** Adds observations to a bucket, 0 to `maxBucket`. */
  add(bucket: number, count: number): void {
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count
    this.#total += count
    if (bucket < this.#lowest) this.#lowest = bucket
    if (bucket > this.#highest) this.#highest = bucket
  }

  /**
   * Quantiles of all that was added, in milliseconds: for each `q` (0 to 1) a value within 2 % of the one at rank `⌈q × n⌉`;
   * null where nothing was added.
   */
  quantiles(qs: ReadonlyArray<number>): ReadonlyArray<number | null> {
    return qs.map((q) =>
      this.#total === 0 ? null : bucketValue(this.#bucketAt(Math.max(1, Math.ceil(q * this.#total)))),
    )
  }

  /** Forgets all, so that others can be added up in the same memory. */
  clear(): void {
    this.#counts.fill(0, this.#lowest, this.#highest + 1)
    this.#lowest = maxBucket
    this.#highest = 0
    this.#total = 0
  }

  /** The bucket of the observation of a rank, the shortest time being the first. */
  #bucketAt(rank: number): number {
    let seen = 0
    for (let bucket = this.#lowest; bucket < this.#highest; bucket++) {
      seen += this.#counts[bucket] ?? 0
      if (seen >= rank) return bucket
    }
    return this.#highest
  }
}
