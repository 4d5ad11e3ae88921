import { assert, describe, it } from "@effect/vitest"
import {
  bucketOf,
  bucketValue,
  empty,
  fromArrays,
  fromValues,
  HistogramSum,
  type LatencyHistogram,
  maxBucket,
  merge,
  minMs,
  quantile,
  relativeError,
} from "@uptime/domain/LatencyHistogram"
import { FastCheck as fc } from "effect"

/** Response times as they come: over all orders of magnitude from a microsecond to ten minutes. */
const ms = fc
  .double({ min: Math.log(0.001), max: Math.log(600_000), noNaN: true })
  .map((exponent) => Math.min(Math.exp(exponent), 600_000))
const times = fc.array(ms, { maxLength: 200 })

const sorted = (histogram: LatencyHistogram) => [...histogram.counts].sort(([a], [b]) => a - b)
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
      const estimate = quantile(fromValues(values), q) ?? Number.NaN
      assert.isAtMost(Math.abs(estimate - exact), Math.max(tolerance(exact), minMs))
    },
  )

  it.prop("does not depend on the order of its values", [times], ([values]) => {
    assert.deepStrictEqual(sorted(fromValues([...values].reverse())), sorted(fromValues(values)))
  })

  it.prop(
    "of all values is the sum of the histograms of the parts, however they are taken",
    [times, times, times],
    ([a, b, c]) => {
      const [x, y, z] = [fromValues(a), fromValues(b), fromValues(c)]
      const whole = sorted(fromValues([...a, ...b, ...c]))
      assert.deepStrictEqual(sorted(merge([x, y, z])), whole)
      assert.deepStrictEqual(sorted(merge([merge([z, x]), y])), whole)
      assert.deepStrictEqual(sorted(merge([x, merge([y, empty, z])])), whole)
    },
  )

  it.prop("has the quantiles of its sum, in memory that held others before", [times, times, times], ([a, b, other]) => {
    const sum = new HistogramSum()
    for (const [bucket, count] of fromValues(other).counts) sum.add(bucket, count)
    sum.clear()
    for (const values of [a, b]) for (const [bucket, count] of fromValues(values).counts) sum.add(bucket, count)
    const sorted = [...a, ...b].sort((x, y) => x - y)
    assert.strictEqual(sum.total, sorted.length)
    const qs = [0, 0.5, 0.95, 0.99, 1]
    const expected = qs
      .map((q) => sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1])
      .map((value) => (value === undefined ? null : bucketValue(bucketOf(value))))
    assert.deepStrictEqual(sum.quantiles(qs), expected)
  })

  it.prop("is left as it was when it is added to another", [times, times], ([a, b]) => {
    const x = fromValues(a)
    merge([x, fromValues(b)])
    assert.deepStrictEqual(sorted(x), sorted(fromValues(a)))
  })

  it.prop("survives the arrays of a row, in any order and with a bucket twice", [times, times], ([a, b]) => {
    const rows = [...sorted(fromValues(a)).reverse(), ...sorted(fromValues(b))]
    const read = fromArrays(
      rows.map(([bucket]) => bucket),
      rows.map(([, count]) => count),
    )
    assert.deepStrictEqual(sorted(read), sorted(fromValues([...a, ...b])))
  })

  it("without values has no quantile", () => {
    assert.isNull(quantile(empty, 0.5))
    assert.isNull(quantile(fromArrays([3], [0]), 0.5))
  })
})
