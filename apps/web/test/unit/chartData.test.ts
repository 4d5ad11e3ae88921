import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { isolated, phaseData, timeData } from "../../src/monitors/detail/chart/chartData.ts"
import { measures } from "../../src/monitors/detail/chart/chartSearch.ts"
import type { SeriesPoint } from "../../src/monitors/detail/queries.ts"
import { phaseNames } from "../../src/monitors/phases.ts"

const bucket = 300
const start = Date.parse("2026-11-29T00:00:00Z")
const buckets = 24
const stretch = { from: start + 1_000, to: start + buckets * bucket * 1_000 }

const ms = fc.option(fc.double({ min: 0, max: 60_000, noNaN: true }))
const point = (index: number): fc.Arbitrary<SeriesPoint> =>
  fc.record({
    at: fc.constant(new Date(start + index * bucket * 1_000).toISOString()),
    count: fc.nat(),
    avg: ms,
    p50: ms,
    p95: ms,
    p99: ms,
    up: fc.nat(),
    down: fc.nat(),
    unknown: fc.nat(),
    phases: fc.option(fc.record({ dns: ms, connect: ms, tls: ms, firstByte: ms, transfer: ms })),
  })
const points = fc
  .subarray(Array.from({ length: buckets }, (_, index) => index))
  .chain((places) => fc.tuple(...places.map(point)))
const series = fc.record({
  bucketSeconds: fc.constant(bucket),
  locations: fc.tuple(points, points).map(([india, usa]) => [
    { location: "India", points: india },
    { location: "USA", points: usa },
  ]),
})

describe("the lines of a chart", () => {
  it("have each measured value at its time, and none besides", () => {
    fc.assert(
      fc.property(series, fc.constantFrom(...measures), fc.constantFrom(10, 180, 3_600), (given, measure, every) => {
        const { at, lines } = timeData(given, measure, stretch, every)
        assert.strictEqual(at.length, buckets)
        lines.forEach(({ name, values }, index) => {
          const location = given.locations[index]
          assert.strictEqual(name, location?.location)
          const known = new Map(location?.points.map((each) => [Date.parse(each.at), each[measure]]))
          assert.deepStrictEqual(
            values.map((value) => value ?? null),
            at.map((time) => known.get(time) ?? null),
          )
        })
      }),
    )
  })

  it("go on over a time in which no check was due, and break where one was missed", () => {
    const given = (places: ReadonlyArray<number>) => ({
      bucketSeconds: bucket,
      locations: [
        {
          location: "USA",
          points: places.map((place) => ({
            at: new Date(start + place * bucket * 1_000).toISOString(),
            ...{ count: 1, avg: place, p50: null, p95: null, p99: null, up: 1, down: 0, unknown: 0, phases: null },
          })),
        },
      ],
    })
    const values = (places: ReadonlyArray<number>, every: number) =>
      timeData(given(places), "avg", stretch, every).lines[0]?.values.slice(0, 6)
    assert.deepStrictEqual(values([0, 3, 4], 450), [0, undefined, undefined, 3, 4, null])
    assert.deepStrictEqual(values([0, 3, 4], 180), [0, null, null, 3, 4, null])
    assert.deepStrictEqual(values([2], 450), [null, null, 2, null, null, null])
  })

  it("of phases lie on top of each other, and the last is the sum of all", () => {
    fc.assert(
      fc.property(series, (given) => {
        const { at, lines } = phaseData(given, "USA", stretch, 180)
        assert.deepStrictEqual(
          lines.map(({ name }) => name),
          [...phaseNames],
        )
        at.forEach((time, place) => {
          const found = given.locations[1]?.points.find((each) => Date.parse(each.at) === time)?.phases ?? null
          const stacked = lines.map(({ values }) => values[place])
          if (found === null || phaseNames.every((name) => found[name] === null)) {
            assert.isTrue(stacked.every((value) => value == null))
            return
          }
          assert.isTrue(stacked.every((value, index) => (value ?? Number.NaN) >= (stacked[index - 1] ?? 0)))
          const sum = phaseNames.reduce((total, name) => total + (found[name] ?? 0), 0)
          assert.closeTo(stacked.at(-1) ?? Number.NaN, sum, 1e-6)
        })
      }),
    )
  })

  it("show what stands alone as a point", () => {
    assert.deepStrictEqual(isolated([1, null, 2, 3, null, undefined, 4]), [0, 6])
    assert.deepStrictEqual(isolated([1, undefined, 2, null]), [])
  })
})
