import { useQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { lazy, Suspense, useMemo, useState } from "react"
import type { MonitorOverview } from "../../../api/types.ts"
import { currentTime } from "../../../ui/clock.ts"
import { ErrorState, Loading, Skeleton } from "../../../ui/Feedback.tsx"
import { phaseTexts } from "../../phases.ts"
import { happenedQuery, maintenancesOfQuery, seriesQuery } from "../queries.ts"
import { ChartControls } from "./ChartControls.tsx"
import { ChartLegend } from "./ChartLegend.tsx"
import { ChartPane } from "./ChartPane.tsx"
import { phaseData, timeData } from "./chartData.ts"
import { type ChartSearch, searchOf } from "./chartSearch.ts"
import { MarkList } from "./MarkList.tsx"
import { marksOf } from "./marks.ts"
import { RangePicker } from "./RangePicker.tsx"
import { SeriesTable } from "./SeriesTable.tsx"
import { fitted, type Stretch } from "./stretch.ts"
import "./chart.css"

const loadChart = () => import("./Chart.tsx")
const Chart = lazy(async () => ({ default: (await loadChart()).Chart }))

const hour = 3_600_000

/** How long what was checked took, by region or by phase, with what happened meanwhile on the same axis. */
export const ResponseChart = ({ monitor }: { readonly monitor: MonitorOverview }) => {
  const search = useSearch({ from: "/inside/monitors/$id" })
  const navigate = useNavigate({ from: "/monitors/$id" })
  const show = (change: ChartSearch) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false })
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [isTable, setIsTable] = useState(false)
  const [point, setPoint] = useState<number | null>(null)
  const series = useQuery(seriesQuery(monitor.id, search))
  const stretch = series.data?.stretch
  const marks = useMarks(monitor, search, stretch)
  const isPhases = search.view === "phases"
  const regions = series.data?.series.locations.map(({ location }) => location) ?? []
  const region = regions.find((each) => each === search.region) ?? regions[0] ?? ""
  const data = useMemo(() => {
    if (series.data === undefined) return undefined
    const { series: read, stretch: shown } = series.data
    return isPhases
      ? phaseData(read, region, shown, monitor.intervalSeconds)
      : timeData(read, search.measure ?? "avg", shown, monitor.intervalSeconds)
  }, [series.data, isPhases, region, search.measure, monitor.intervalSeconds])
  const isEmpty = data?.lines.every(({ values }) => values.every((value) => typeof value !== "number")) === true
  const select = (wanted: Stretch) => {
    setPoint(null)
    show(searchOf(fitted(wanted, currentTime())))
  }
  return (
    <section className="card stack response-chart" aria-labelledby="chart-title">
      <div className="spread">
        <h2 id="chart-title">Response time</h2>
        <RangePicker search={search} stretch={stretch} onChange={show} />
      </div>
      <ChartControls
        search={search}
        regions={regions}
        region={region}
        stretch={stretch}
        isTable={isTable}
        onChange={show}
        onStretch={select}
        onTable={setIsTable}
      />
      {series.isError && series.data === undefined ? (
        <ErrorState heading="h3" error={series.error} onRetry={() => void series.refetch()} />
      ) : data === undefined || stretch === undefined ? (
        <Loading>
          <div className="chart-box">
            <Skeleton height={280} />
          </div>
          <Skeleton height={28} />
        </Loading>
      ) : isTable ? (
        <SeriesTable
          data={data}
          bucketSeconds={series.data?.series.bucketSeconds ?? 60}
          caption={isPhases ? `Phases from ${region}` : "Response times"}
          isCumulative={isPhases}
        />
      ) : (
        <>
          <ChartPane
            label={isPhases ? `Phases from ${region}` : "Response times by region"}
            stretch={stretch}
            onStretch={select}
            isBusy={series.isPlaceholderData}
          >
            <Suspense fallback={<Skeleton height={280} />}>
              <Chart
                data={data}
                stretch={stretch}
                marks={marks}
                stacked={isPhases}
                hidden={isPhases ? noNames : hidden}
                onSelect={select}
                onPoint={setPoint}
              />
            </Suspense>
            {isEmpty && <p className="chart-empty">{emptyText(isPhases, regions.length === 0)}</p>}
          </ChartPane>
          <ChartLegend
            data={data}
            point={point}
            texts={isPhases ? phaseTexts : undefined}
            isCumulative={isPhases}
            hidden={hidden}
            onToggle={(name) => setHidden(toggledIn(hidden, name))}
          />
        </>
      )}
      {stretch !== undefined && <MarkList marks={marks} />}
    </section>
  )
}

const noNames: ReadonlySet<string> = new Set()

const toggledIn = (names: ReadonlySet<string>, name: string): ReadonlySet<string> =>
  names.has(name) ? new Set([...names].filter((each) => each !== name)) : new Set([...names, name])

const emptyText = (isPhases: boolean, isWithout: boolean): string => {
  if (isWithout) return "No checks in this range."
  return isPhases ? "No phases are known in this range." : "Nothing answered in this range."
}

/** What a chart marks: the times of maintenances by whole hours, so that a range that goes on asks for them rarely. */
const useMarks = (monitor: MonitorOverview, search: ChartSearch, stretch: Stretch | undefined) => {
  const happened = useQuery(happenedQuery(monitor.id, search.to === undefined ? null : Date.parse(search.to)))
  const { from = 0, to = 0 } = stretch ?? {}
  const maintenances = useQuery({
    ...maintenancesOfQuery(monitor, { from: Math.floor(from / hour) * hour, to: Math.ceil(to / hour) * hour }),
    enabled: stretch !== undefined,
  })
  return useMemo(
    () => marksOf({ from, to }, happened.data?.outages ?? [], happened.data?.incidents ?? [], maintenances.data ?? []),
    [from, to, happened.data, maintenances.data],
  )
}
