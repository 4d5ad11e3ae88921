import { Button } from "../../../ui/Button.tsx"
import { currentTime } from "../../../ui/clock.ts"
import { Icon } from "../../../ui/Icon.tsx"
import { Segments } from "../../../ui/Segments.tsx"
import type { ChartSearch, Measure } from "./chartSearch.ts"
import { moved, reachesNow, type Stretch, zoomed } from "./stretch.ts"

const views = [
  { value: "time", label: "By region" },
  { value: "phases", label: "By phase" },
] as const

const measures: ReadonlyArray<readonly [Measure, string]> = [
  ["avg", "Average"],
  ["p50", "Median (p50)"],
  ["p95", "95th percentile"],
  ["p99", "99th percentile"],
]

/** What a chart shows and how: by region or phase, which number, how much of it, or a table. */
export const ChartControls = ({
  search,
  regions,
  region,
  stretch,
  isTable,
  onChange,
  onStretch,
  onTable,
}: {
  readonly search: ChartSearch
  readonly regions: ReadonlyArray<string>
  readonly region: string
  readonly stretch: Stretch | undefined
  readonly isTable: boolean
  readonly onChange: (change: ChartSearch) => void
  readonly onStretch: (stretch: Stretch) => void
  readonly onTable: (isTable: boolean) => void
}) => {
  const isPhases = search.view === "phases"
  const change = (to: (stretch: Stretch, now: number) => Stretch) => () => {
    if (stretch !== undefined) onStretch(to(stretch, currentTime()))
  }
  return (
    <div className="chart-controls">
      <Segments
        label="Shown"
        segments={views}
        selected={isPhases ? "phases" : "time"}
        onSelect={(value) => onChange({ view: value === "phases" ? value : undefined })}
      />
      {isPhases ? (
        <select
          className="input"
          aria-label="Region"
          value={region}
          onChange={(event) => onChange({ region: event.target.value })}
        >
          {regions.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      ) : (
        <select
          className="input"
          aria-label="Measure"
          value={search.measure ?? "avg"}
          onChange={(event) => {
            const measure = measures.find(([each]) => each === event.target.value)?.[0]
            onChange({ measure: measure === "avg" ? undefined : measure })
          }}
        >
          {measures.map(([measure, text]) => (
            <option key={measure} value={measure}>
              {text}
            </option>
          ))}
        </select>
      )}
      <div className="row chart-zoom">
        <Button tone="quiet" className="icon" aria-label="Earlier" onClick={change((at, now) => moved(at, -0.5, now))}>
          <Icon name="arrowLeft" />
        </Button>
        <Button
          tone="quiet"
          className="icon"
          aria-label="Later"
          disabled={stretch === undefined || reachesNow(stretch, currentTime())}
          onClick={change((at, now) => moved(at, 0.5, now))}
        >
          <Icon name="arrowRight" />
        </Button>
        <Button tone="quiet" className="icon" aria-label="Zoom in" onClick={change((at, now) => zoomed(at, 0.5, now))}>
          <Icon name="plus" />
        </Button>
        <Button tone="quiet" className="icon" aria-label="Zoom out" onClick={change((at, now) => zoomed(at, 2, now))}>
          <Icon name="minus" />
        </Button>
        <Button tone="quiet" aria-pressed={isTable} onClick={() => onTable(!isTable)}>
          {isTable ? "Show as chart" : "Show as table"}
        </Button>
      </div>
    </div>
  )
}
