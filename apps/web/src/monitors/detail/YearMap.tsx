import { useQuery } from "@tanstack/react-query"
import { useEffect, useRef, useState } from "react"
import { ErrorState, Loading, Skeleton } from "../../ui/Feedback.tsx"
import { span, uptime } from "../../ui/format.ts"
import { type Day, daysQuery } from "./queries.ts"
import { type DayLevel, levelOf, monthsOf, nextDay, yearGrid } from "./yearGrid.ts"
import "./year.css"

const utc = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" })
const dateText = utc({ weekday: "short", year: "numeric", month: "short", day: "numeric" })
const monthText = utc({ month: "short" })
const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

const levels: ReadonlyArray<readonly [DayLevel, string]> = [
  ["none", "No data"],
  ["full", "100 %"],
  ["high", "99.9 % and more"],
  ["middle", "99 % and more"],
  ["low", "Less than 99 %"],
]

/** What a day was, in a sentence. */
const dayText = ({ checks, coverage, day, downSeconds, uptime: percent }: Day): string => {
  const date = dateText.format(new Date(`${day}T00:00:00Z`))
  if (percent === null) return `${date}: no data`
  const down = downSeconds === 0 ? "no downtime" : `${span(downSeconds * 1_000)} down`
  const known = coverage >= 0.995 ? "" : `, ${Math.floor(coverage * 100)} % of the day is known`
  return `${date}: ${uptime(percent)}, ${down}, ${checks.toLocaleString("en")} checks${known}`
}

/** The days of the last year, week by week, by their uptime. */
export const YearMap = ({ id }: { readonly id: string }) => {
  const days = useQuery(daysQuery(id))
  return (
    <section className="card stack" aria-labelledby="year-title">
      <h2 id="year-title">The last year</h2>
      {days.data !== undefined ? (
        <YearGrid days={days.data} />
      ) : days.isError ? (
        <ErrorState heading="h3" error={days.error} onRetry={() => void days.refetch()} />
      ) : (
        <Loading>
          <Skeleton height={176} />
        </Loading>
      )}
    </section>
  )
}

const YearGrid = ({ days }: { readonly days: ReadonlyArray<Day> }) => {
  const [at, setAt] = useState(days.length - 1)
  const [hovered, setHovered] = useState<Day | null>(null)
  const grid = yearGrid(days)
  const table = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Where there is no room for a year, its end is of interest.
    const element = scroller.current
    element?.scrollTo({ left: element.scrollWidth })
  }, [])
  const focus = (next: number) => {
    setAt(next)
    table.current?.querySelector<HTMLElement>(`[data-day="${days[next]?.day}"]`)?.focus()
  }
  const told = hovered ?? days[at]
  return (
    <>
      <div ref={scroller} className="year-scroll">
        <div className="year-months" aria-hidden="true">
          {monthsOf(grid).map((month, week) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: weeks stay where they are
            <span key={week}>{month === null ? "" : monthText.format(Date.UTC(2026, month, 1))}</span>
          ))}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a grid whose cells are reached by arrow keys */}
        <div
          ref={table}
          role="grid"
          aria-label="Uptime by day, weeks from left to right"
          aria-readonly="true"
          tabIndex={-1}
          className="year-grid"
          onPointerLeave={() => setHovered(null)}
          onKeyDown={(event) => {
            const next = nextDay(event.key, at, days.length)
            if (next === undefined) return
            event.preventDefault()
            focus(next)
          }}
        >
          {grid.map((row, weekday) => (
            // biome-ignore lint/a11y/useSemanticElements: a row of the grid
            // biome-ignore lint/a11y/useFocusableInteractive: the cells are focused
            <div key={weekdays[weekday]} role="row" aria-label={weekdays[weekday]} className="year-row">
              {row.map((day, week) =>
                day === null ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: weeks stay where they are
                  <span key={week} role="presentation" className="day absent" />
                ) : (
                  // biome-ignore lint/a11y/useSemanticElements: a cell of the grid
                  <span
                    key={day.day}
                    role="gridcell"
                    data-day={day.day}
                    tabIndex={days[at]?.day === day.day ? 0 : -1}
                    className={`day ${levelOf(day.uptime)}`}
                    aria-label={dayText(day)}
                    onFocus={() => setAt(days.indexOf(day))}
                    onPointerEnter={() => setHovered(day)}
                  />
                ),
              )}
            </div>
          ))}
        </div>
      </div>
      <div className="year-foot">
        <p className="year-told">{told === undefined ? "" : dayText(told)}</p>
        <ul className="year-legend">
          {levels.map(([level, text]) => (
            <li key={level}>
              <span className={`day ${level}`} aria-hidden="true" />
              {text}
            </li>
          ))}
        </ul>
      </div>
      <p className="muted small">Days are those of UTC.</p>
    </>
  )
}
