import { assert, describe, it } from "@effect/vitest"
import { Region } from "@uptime/domain/Region"
import { noPhases, unmeasured } from "@uptime/domain/Result"
import { Effect, Metric, MetricBoundaries, MetricKey, MetricPair, MetricState } from "effect"
import fc from "fast-check"
import { counter, histogram } from "../src/Metrics.ts"
import { makeProbeMetrics } from "../src/ProbeMetrics.ts"
import { prometheusText } from "../src/PrometheusText.ts"
import { parseExposition } from "./Exposition.ts"

/** The text of the metrics whose name begins so: the registry is one for all tests. */
const textOf = (prefix: string) =>
  Effect.map(Metric.snapshot, (pairs) =>
    prometheusText(pairs.filter((pair: MetricPair.MetricPair.Untyped) => pair.metricKey.name.startsWith(prefix))),
  )

describe("prometheusText", () => {
  it.effect("writes each type as the format has it", () =>
    Effect.gen(function* () {
      yield* Metric.incrementBy(counter("t1_jobs_total", "Jobs done."), 3)
      yield* Metric.set(Metric.gauge("t1_depth", { description: "How deep.\nIn metres \\ feet." }), 1.5)
      yield* Metric.incrementBy(Metric.counter("t1_balance"), -2)
      const latency = histogram("t1_latency_seconds", "How long.", [0.1, 1])
      for (const value of [0.05, 0.1, 0.5, 3]) yield* Metric.update(Metric.tagged(latency, "region", "USA"), value)
      yield* Metric.update(Metric.frequency("t1_errors"), "timeout")
      assert.strictEqual(
        yield* textOf("t1_"),
        [
          "# TYPE t1_balance gauge",
          "t1_balance -2",
          "# HELP t1_depth How deep.\\nIn metres \\\\ feet.",
          "# TYPE t1_depth gauge",
          "t1_depth 1.5",
          "# TYPE t1_errors_total counter",
          't1_errors_total{key="timeout"} 1',
          "# HELP t1_jobs_total Jobs done.",
          "# TYPE t1_jobs_total counter",
          "t1_jobs_total 3",
          "# HELP t1_latency_seconds How long.",
          "# TYPE t1_latency_seconds histogram",
          't1_latency_seconds_bucket{region="USA",le="0.1"} 2',
          't1_latency_seconds_bucket{region="USA",le="1"} 3',
          't1_latency_seconds_bucket{region="USA",le="+Inf"} 4',
          't1_latency_seconds_sum{region="USA"} 3.65',
          't1_latency_seconds_count{region="USA"} 4',
          "",
        ].join("\n"),
      )
    }),
  )

  it.effect("writes quantiles of a summary", () =>
    Effect.gen(function* () {
      const summary = Metric.summary({ name: "t2_s", maxAge: "1 day", maxSize: 10, error: 0, quantiles: [0.9] })
      for (const value of [1, 2, 3]) yield* Metric.update(summary, value)
      const family = parseExposition(yield* textOf("t2_")).get("t2_s")
      assert.strictEqual(family?.type, "summary")
      assert.deepStrictEqual(
        family?.samples.map((sample) => [sample.name, sample.labels, sample.value]),
        [
          ["t2_s", { quantile: "0.9" }, 2],
          ["t2_s_sum", {}, 6],
          ["t2_s_count", {}, 3],
        ],
      )
    }),
  )

  it("leaves out a metric whose name belongs to another type already", () => {
    // Not in the registry, which is one for all tests: whoever sends all of it elsewhere breaks on such a pair.
    const text = prometheusText([
      MetricPair.unsafeMake(MetricKey.gauge("t3_x"), MetricState.gauge(1)),
      MetricPair.unsafeMake(
        MetricKey.histogram("t3_x", MetricBoundaries.fromIterable([1])),
        MetricState.histogram({ buckets: [[1, 1]], count: 1, min: 1, max: 1, sum: 1 }),
      ),
    ])
    assert.strictEqual(text.match(/# TYPE t3_x /g)?.length, 1)
    parseExposition(text)
  })

  it.effect("is read back by a parser of the format, whatever names, labels and values are", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.string({ unit: "binary", maxLength: 10 }),
          fc.string({ unit: "binary", maxLength: 20 }),
          fc.array(
            fc.record({
              labels: fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ unit: "binary" }), {
                maxKeys: 3,
              }),
              values: fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 5 }),
            }),
            { minLength: 1, maxLength: 3 },
          ),
          async (name, description, series) => {
            const prefix = `t4_${name}`
            const metric = Metric.histogram(prefix, MetricBoundaries.fromIterable([0]), description)
            const text = await Effect.runPromise(
              Effect.gen(function* () {
                for (const { labels, values } of series) {
                  const tagged = Object.entries(labels).reduce(
                    (all, [key, value]) => Metric.tagged(all, key, value),
                    metric,
                  )
                  for (const value of values) yield* Metric.update(tagged, value)
                }
                return yield* textOf(prefix)
              }),
            )
            for (const family of parseExposition(text).values()) {
              assert.strictEqual(family.type, "histogram")
              for (const count of family.samples.filter((sample) => sample.name.endsWith("_count"))) {
                const key = JSON.stringify(count.labels)
                const buckets = family.samples.filter(
                  ({ labels: { le: _, ...labels }, name: sample }) =>
                    sample.endsWith("_bucket") && JSON.stringify(labels) === key,
                )
                assert.strictEqual(buckets.at(-1)?.labels["le"], "+Inf")
                assert.strictEqual(buckets.at(-1)?.value, count.value)
              }
            }
          },
        ),
      ),
    ),
  )

  it("keeps the text of a label through the parser", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const gauge = Metric.tagged(Metric.gauge("t5_g"), "v", value)
        gauge.unsafeUpdate(1, [])
        const text = prometheusText(Metric.unsafeSnapshot().filter((pair) => pair.metricKey.name === "t5_g"))
        assert.isTrue(
          parseExposition(text)
            .get("t5_g")
            ?.samples.some((sample) => sample.labels["v"] === value),
        )
      }),
      { numRuns: 50 },
    )
  })
})

describe("makeProbeMetrics", () => {
  it.effect("counts checks by region and kind, under blackbox_exporter's names", () =>
    Effect.gen(function* () {
      const metrics = makeProbeMetrics(Region.make("T6"), "http")
      metrics.observe(
        {
          status: "Up",
          responseTimeMs: 120,
          phases: { dns: 10, connect: 20, tls: null, firstByte: 80, transfer: 10 },
          httpStatus: 200,
          errorKind: null,
          errorMessage: null,
          certificateExpiresAt: null,
          attempts: 1,
          evidence: null,
        },
        400,
      )
      metrics.observe({ ...unmeasured("internal", "no"), phases: noPhases }, -5)
      const families = parseExposition(yield* textOf("probe_"))
      const value = (family: string, labels: Record<string, string>) =>
        families
          .get(family)
          ?.samples.find((sample) =>
            Object.entries({ region: "T6", kind: "http", ...labels }).every(
              ([key, text]) => sample.labels[key] === text,
            ),
          )?.value
      assert.strictEqual(value("probe_success_total", {}), 1)
      assert.strictEqual(value("probe_results_total", { status: "Up" }), 1)
      assert.strictEqual(value("probe_results_total", { status: "Unknown" }), 1)
      assert.strictEqual(value("probe_results_total", { status: "Down" }), 0)
      assert.strictEqual(value("probe_errors_total", { error: "internal" }), 1)
      assert.strictEqual(value("probe_duration_seconds", { le: "0.25" }), 1)
      assert.strictEqual(value("probe_http_duration_seconds", { phase: "processing", le: "0.1" }), 1)
      assert.strictEqual(value("probe_http_duration_seconds", { phase: "tls", le: "0.1" }), undefined)
      assert.strictEqual(value("probe_lateness_seconds", { le: "0.05" }), 1)
      assert.strictEqual(value("probe_lateness_seconds", { le: "0.5" }), 2)
    }),
  )
})
