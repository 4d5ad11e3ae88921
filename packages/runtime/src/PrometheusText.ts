import { MetricKeyType, type MetricLabel, type MetricPair, MetricState, Option } from "effect"

/** The content type of what `prometheusText` makes. */
export const prometheusContentType = "text/plain; version=0.0.4; charset=utf-8"

/** One line of the exposition: a value under a name and labels. */
interface Sample {
  readonly suffix: string
  readonly labels: ReadonlyArray<readonly [name: string, value: string]>
  readonly value: number | bigint
}

interface Family {
  readonly type: "counter" | "gauge" | "histogram" | "summary"
  readonly help: string
  readonly samples: Array<Sample>
  /** The labels of the series it holds, sorted: names that were made valid may meet. */
  readonly series: Set<string>
}

/**
 * Effect's metrics in the Prometheus text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format): families in alphabetical order, each
 * with HELP and TYPE once, counters ending in `_total`, histograms with cumulative `le` buckets. Names are made valid,
 * label values escaped. A metric whose name is taken by one of another type, or whose series is told already, is left out:
 * a scrape that fails as a whole would tell nothing.
 *
 * @param pairs a snapshot of the registry (`Metric.snapshot`)
 */
export const prometheusText = (pairs: Iterable<MetricPair.MetricPair.Untyped>): string => {
  const families = new Map<string, Family>()
  for (const pair of pairs) addPair(families, pair)
  return [...families]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, family]) => renderFamily(name, family))
    .join("")
}

const addPair = (families: Map<string, Family>, { metricKey, metricState }: MetricPair.MetricPair.Untyped): void => {
  const labels = labelsOf(metricKey.tags)
  const help = Option.getOrElse(metricKey.description, () => "")
  const add = (name: string, type: Family["type"], samples: ReadonlyArray<Sample>): void => {
    const series = JSON.stringify([...labels].sort(([a], [b]) => (a < b ? -1 : 1)))
    const family = families.get(name) ?? { type, help, samples: [], series: new Set() }
    if (family.type !== type || family.series.has(series)) return
    families.set(name, family)
    family.series.add(series)
    family.samples.push(...samples)
  }
  const name = metricName(metricKey.name)
  if (MetricState.isCounterState(metricState)) {
    const rising = MetricKeyType.isCounterKey(metricKey.keyType) && metricKey.keyType.incremental
    const sample: Sample = { suffix: "", labels, value: metricState.count }
    if (rising) add(totalName(name), "counter", [sample])
    else add(name, "gauge", [sample])
  } else if (MetricState.isGaugeState(metricState)) {
    add(name, "gauge", [{ suffix: "", labels, value: metricState.value }])
  } else if (MetricState.isFrequencyState(metricState)) {
    add(
      totalName(name),
      "counter",
      [...metricState.occurrences].map(([key, value]) => ({ suffix: "", labels: [...labels, ["key", key]], value })),
    )
  } else if (MetricState.isHistogramState(metricState)) {
    add(name, "histogram", [
      ...[...metricState.buckets].map(
        ([bound, value]): Sample => ({ suffix: "_bucket", labels: [...labels, ["le", numberText(bound)]], value }),
      ),
      { suffix: "_sum", labels, value: metricState.sum },
      { suffix: "_count", labels, value: metricState.count },
    ])
  } else if (MetricState.isSummaryState(metricState)) {
    add(name, "summary", [
      ...[...metricState.quantiles].map(
        ([quantile, value]): Sample => ({
          suffix: "",
          labels: [...labels, ["quantile", numberText(quantile)]],
          value: Option.getOrElse(value, () => Number.NaN),
        }),
      ),
      { suffix: "_sum", labels, value: metricState.sum },
      { suffix: "_count", labels, value: metricState.count },
    ])
  }
}

const renderFamily = (name: string, family: Family): string => {
  const lines = family.samples.map(({ labels, suffix, value }) => {
    const pairs = labels.map(([label, text]) => `${label}="${escapeLabel(text)}"`)
    return `${name}${suffix}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${numberText(value)}\n`
  })
  const help = family.help === "" ? "" : `# HELP ${name} ${escapeHelp(family.help)}\n`
  return `${help}# TYPE ${name} ${family.type}\n${lines.join("")}`
}

/** Labels by valid names, each once (the last wins, as it does in Effect's own registry). */
const labelsOf = (tags: ReadonlyArray<MetricLabel.MetricLabel>): ReadonlyArray<readonly [string, string]> => [
  ...new Map(tags.map((tag) => [labelName(tag.key), tag.value])),
]

const metricName = (name: string): string => name.replaceAll(/[^a-zA-Z0-9_:]/g, "_").replace(/^(?=[0-9]|$)/, "_")

/** `le` and `quantile` are the format's own. Names that begin with `__` are reserved for it. */
const labelName = (name: string): string => {
  const valid = name
    .replaceAll(/[^a-zA-Z0-9_]/g, "_")
    .replace(/^_{2,}/, "_")
    .replace(/^(?=[0-9]|$)/, "_")
  return valid === "le" || valid === "quantile" ? `${valid}_` : valid
}

const totalName = (name: string): string => (name.endsWith("_total") ? name : `${name}_total`)

const escapeHelp = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")

const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"')

const numberText = (value: number | bigint): string => {
  if (value === Number.POSITIVE_INFINITY) return "+Inf"
  if (value === Number.NEGATIVE_INFINITY) return "-Inf"
  return String(value)
}
