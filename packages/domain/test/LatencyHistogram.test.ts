import { assert, describe, it } from "@effect/vitest"
import {
  bucketOf,
  bucketValue,
  LatencyHistogram,
  maxBucket,
  minMs,
  relativeError,
} from "@uptime/domain/LatencyHistogram"
import { FastCheck as fc } from "effect"

/** Response times as they come: over all orders of magnitude from a microsecond to ten minutes. */
const ms = fc
  .double({ min: Math.log(0.001), max: Math.log(600_000), noNaN: true })
  .map((exponent) => Math.min(Math.exp(exponent), 600_000))
const times = fc.array(ms, { maxLength: 200 })

const qs = [0, 0.01, 0.25, 0.5, 0.95, 0.99, 1]

const addTo = (histogram: LatencyHistogram, values: ReadonlyArray<number>): LatencyHistogram => {
  for (const value of values) histogram.add(bucketOf(value), 1)
  return histogram
}

/** What the quantiles of values are, by their rank. */
const expected = (values: ReadonlyArray<number>, of: ReadonlyArray<number>): ReadonlyArray<number | null> => {
  const sorted = [...values].sort((a, b) => a - b)
  return of.map((q) => {
    const value = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1]
    return value === undefined ? null : bucketValue(bucketOf(value))
  })
}

/** How far an estimate may be off: the error that is promised, and the rounding of a logarithm. */
const tolerance = (value: number) => value * (relativeError + 1e-9)

describe("a bucket", () => {
  it.prop("stands for each time in it within 2 %", [ms], ([value]) => {
    const bucket = bucketOf(value)
    assert.isTrue(Number.isInteger(bucket) && bucket >= 0 && bucket <= maxBucket)
    if (value > minMs) assert.isAtMost(Math.abs(bucketValue(bucket) - value), tolerance(value))
    else assert.strictEqual(bucket, 0)
  })

  it.prop("is no lower for a longer time", [ms, ms], ([a, b]) => {
    assert.isTrue(a <= b ? bucketOf(a) <= bucketOf(b) : bucketOf(a) >= bucketOf(b))
  })

  it.prop("is the bucket of its own value", [fc.integer({ min: 0, max: maxBucket })], ([bucket]) => {
    assert.strictEqual(bucketOf(bucketValue(bucket)), bucket)
  })

  it("is the last for whatever is longer than ten minutes, the first for nothing", () => {
    assert.strictEqual(bucketOf(Number.POSITIVE_INFINITY), maxBucket)
    assert.strictEqual(bucketOf(1e12), maxBucket)
    assert.strictEqual(bucketOf(0), 0)
  })
})

describe("a histogram", () => {
  it.prop(
    "has quantiles within 2 % of the value at that rank",
    [fc.array(ms, { minLength: 1, maxLength: 200 }), fc.double({ min: 0, max: 1, noNaN: true })],
    ([values, q]) => {
      const exact = [...values].sort((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length)) - 1] ?? Number.NaN
      const [estimate] = addTo(new LatencyHistogram(), values).quantiles([q])
      assert.isAtMost(Math.abs((estimate ?? Number.NaN) - exact), Math.max(tolerance(exact), minMs))
    },
  )

  it.prop("is the sum of its parts, in any order and by any counts", [times, times], ([a, b]) => {
    const sum = addTo(addTo(new LatencyHistogram(), b), a)
    for (const value of b) sum.add(bucketOf(value), 2)
    const all = [...a, ...b, ...b, ...b]
    assert.strictEqual(sum.total, all.length)
    assert.deepStrictEqual(sum.quantiles(qs), expected(all, qs))
  })

  it.prop("knows nothing of what it held before it was cleared", [times, times], ([before, values]) => {
    const sum = addTo(new LatencyHistogram(), before)
    sum.clear()
    addTo(sum, values)
    assert.strictEqual(sum.total, values.length)
    assert.deepStrictEqual(sum.quantiles(qs), expected(values, qs))
  })

  it("without values has no quantile", () => {
    const sum = new LatencyHistogram()
    assert.deepStrictEqual(sum.quantiles([0.5]), [null])
    sum.add(3, 0)
    assert.deepStrictEqual(sum.quantiles([0.5]), [null])
  })
})
