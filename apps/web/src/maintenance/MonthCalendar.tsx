import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react"
import { Button } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import { barsOf, dateText, monthAfter, monthText, weeksOf } from "./calendar.ts"
import { DayCell } from "./DayCell.tsx"
import { ownZone } from "./planText.ts"
import type { Maintenance } from "./queries.ts"
import { windowsOfAll } from "./windows.ts"

const monthName = new Intl.DateTimeFormat("en", { month: "long", year: "numeric" })
const weekdayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

/** How many days a key leads on. */
const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

/**
 * A month with its windows as bars over their days, in the viewer's zone. Arrow keys go from day to day, Home and End to
 * the ends of the week, PageUp and PageDown to other months; Enter shows what a day has.
 */
export const MonthCalendar = ({
  month,
  maintenances,
  now,
  selected,
  onMonth,
  onSelect,
}: {
  readonly month: string
  readonly maintenances: ReadonlyArray<Maintenance>
  readonly now: number
  readonly selected: string | null
  readonly onMonth: (month: string) => void
  readonly onSelect: (date: string) => void
}) => {
  const today = dateText(new Date(now))
  const weeks = useMemo(() => weeksOf(month), [month])
  const windows = useMemo(
    () => windowsOfAll(maintenances, weeks[0]?.[0]?.start ?? 0, weeks.at(-1)?.[6]?.end ?? 0),
    [maintenances, weeks],
  )
  const [wanted, setWanted] = useState(today)
  const days = weeks.flat()
  const isShown = days.some((day) => day.inMonth && day.date === wanted)
  const focused = isShown ? wanted : month === monthText(new Date(now)) ? today : `${month}-01`
  const table = useRef<HTMLTableElement>(null)
  // The day that a key leads to.
  const pending = useRef<string | null>(null)
  const goTo = (date: string) => {
    pending.current = date
    setWanted(date)
    if (date.slice(0, 7) !== month) onMonth(date.slice(0, 7))
  }
  useEffect(() => {
    // A day of another month is there only when that is shown.
    const cell = table.current?.querySelector<HTMLElement>(`td[data-date="${pending.current}"]:not(.outside)`)
    if (cell === null || cell === undefined) return
    pending.current = null
    cell.focus()
  })
  const onKeyDown = (event: KeyboardEvent, date: string, weekday: number) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault()
      return onSelect(date)
    }
    const next = nextDate(date, weekday, event.key)
    if (next === null) return
    event.preventDefault()
    goTo(next)
  }
  const title = monthName.format(new Date(`${month}-01T00:00`))
  return (
    <section className="card only-calendar month" aria-labelledby="month-title">
      <div className="spread">
        <h2 id="month-title" aria-live="polite">
          {title}
        </h2>
        <div className="row">
          <Button
            className="small"
            disabled={month === monthText(new Date(now))}
            onClick={() => onMonth(monthText(new Date(now)))}
          >
            Today
          </Button>
          <Button className="small previous" aria-label="Previous month" onClick={() => onMonth(monthAfter(month, -1))}>
            <Icon name="chevron" />
          </Button>
          <Button className="small next" aria-label="Next month" onClick={() => onMonth(monthAfter(month, 1))}>
            <Icon name="chevron" />
          </Button>
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are gone through by arrow keys is a grid */}
      <table ref={table} role="grid" aria-labelledby="month-title">
        <thead>
          <tr>
            {weekdayNames.map((name) => (
              <th key={name} scope="col" abbr={name}>
                {name.slice(0, 3)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => {
            const bars = barsOf(week, windows, now)
            return (
              <tr key={week[0]?.date}>
                {week.map((day, weekday) => (
                  <DayCell
                    key={day.date}
                    day={day}
                    weekday={weekday}
                    bars={bars}
                    now={now}
                    isToday={day.date === today}
                    isSelected={day.date === selected}
                    isFocused={day.date === focused}
                    onKeyDown={onKeyDown}
                    onSelect={(date) => {
                      if (day.inMonth) setWanted(date)
                      onSelect(date)
                    }}
                  />
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
      <p className="small muted">Times are those of your zone, {ownZone()}.</p>
    </section>
  )
}

const nextDate = (date: string, weekday: number, key: string): string | null => {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number)
  const step = key === "Home" ? -weekday : key === "End" ? 6 - weekday : steps[key]
  if (step !== undefined) return dateText(new Date(year, month - 1, day + step))
  if (key !== "PageUp" && key !== "PageDown") return null
  const to = month - 1 + (key === "PageUp" ? -1 : 1)
  return dateText(new Date(year, to, Math.min(day, new Date(year, to + 1, 0).getDate())))
}
