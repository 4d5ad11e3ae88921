import { useQueries } from "@tanstack/react-query"
import { Skeleton } from "../../ui/Feedback.tsx"
import { duration, span, uptime } from "../../ui/format.ts"
import { Tooltip } from "../../ui/Tooltip.tsx"
import { type Stats, statsQuery } from "./queries.ts"

const windows: ReadonlyArray<readonly [Stats["window"], string]> = [
  ["24h", "24 hours"],
  ["7d", "7 days"],
  ["30d", "30 days"],
  ["90d", "90 days"],
  ["1y", "1 year"],
]

/** Uptime over the usual windows, with how long it was down, how much of the time is known, and how fast it was. */
export const UptimeCard = ({ id }: { readonly id: string }) => {
  const stats = useQueries({ queries: windows.map(([window]) => statsQuery(id, window)) })
  return (
    <section className="card stack" aria-labelledby="uptime-title">
      <h2 id="uptime-title">Uptime</h2>
      <dl className="facts uptime-facts">
        {windows.map(([window, text], index) => (
          <div key={window}>
            <dt>{text}</dt>
            <WindowFacts stats={stats[index]?.data} isFailed={stats[index]?.isError === true} />
          </div>
        ))}
      </dl>
    </section>
  )
}

const WindowFacts = ({ stats, isFailed }: { readonly stats: Stats | undefined; readonly isFailed: boolean }) => {
  if (stats === undefined) {
    return isFailed ? (
      <dd className="muted small">Could not be loaded. It is tried again in a minute.</dd>
    ) : (
      <>
        <dd>
          <Skeleton width={96} height={28} />
        </dd>
        <dd className="more">
          <Skeleton width={80} height={16} />
        </dd>
        <dd className="more">
          <Skeleton width={112} height={16} />
        </dd>
      </>
    )
  }
  return (
    <>
      <dd className="big">{uptime(stats.uptime)}</dd>
      <dd className="more">{downText(stats)}</dd>
      <dd className="more">
        <Tooltip
          focusable
          text={`Known for ${coverageText(stats.coverage)} of the time. Average ${duration(stats.avgMs)}, median ${duration(stats.p50Ms)}, 95 % within ${duration(stats.p95Ms)}, 99 % within ${duration(stats.p99Ms)}.`}
        >
          <span>{coverageText(stats.coverage)} covered</span>
        </Tooltip>
      </dd>
    </>
  )
}

const downText = ({ downMs, uptime: percent }: Stats): string => {
  if (percent === null) return "Nothing known"
  return downMs === 0 ? "No downtime" : `${span(downMs)} down`
}

/** A share of time in percent, never rounded up to all of it. */
const coverageText = (share: number): string =>
  share >= 0.9995
    ? "100 %"
    : share > 0 && share < 0.001
      ? "< 0.1 %"
      : `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`
