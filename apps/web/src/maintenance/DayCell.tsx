import { Link } from "@tanstack/react-router"
import type { KeyboardEvent } from "react"
import { counted } from "../ui/format.ts"
import type { Bar, Day } from "./calendar.ts"
import { timeOfDay, windowText } from "./planText.ts"
import type { ShownWindow } from "./windows.ts"

/** The most lines of bars that a day has room for, as in `maintenance.css`. */
const lanes = 3

const dayName = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long", year: "numeric" })

/** A day of the calendar, with the bars of its week that begin on it; they reach over the days that follow. */
export const DayCell = ({
  day,
  weekday,
  bars,
  now,
  isToday,
  isSelected,
  isFocused,
  onKeyDown,
  onSelect,
}: {
  readonly day: Day
  readonly weekday: number
  readonly bars: ReadonlyArray<Bar<ShownWindow>>
  readonly now: number
  readonly isToday: boolean
  readonly isSelected: boolean
  readonly isFocused: boolean
  readonly onKeyDown: (event: KeyboardEvent, date: string, weekday: number) => void
  readonly onSelect: (date: string) => void
}) => {
  const over = bars.filter((bar) => weekday >= bar.day && weekday < bar.day + bar.days)
  const hidden = over.filter(({ lane }) => lane >= lanes).length
  const count = over.length === 0 ? "no maintenance" : counted(over.length, "maintenance")
  return (
    <td
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of a table that is a grid
      role="gridcell"
      aria-selected={isSelected}
      {...(isToday ? { "aria-current": "date" as const } : {})}
      className={day.inMonth ? "" : "outside"}
      data-date={day.date}
      tabIndex={isFocused && day.inMonth ? 0 : -1}
      onKeyDown={(event) => onKeyDown(event, day.date, weekday)}
      onClick={() => onSelect(day.date)}
    >
      <span className="visually-hidden">{`${dayName.format(day.start)}, ${count}`}</span>
      <time dateTime={day.date} aria-hidden="true">
        {Number(day.date.slice(8))}
      </time>
      {bars
        .filter((bar) => bar.day === weekday && bar.lane < lanes)
        .map((bar) => (
          <WindowBar key={`${bar.window.maintenance.id} ${bar.window.startsAt}`} bar={bar} now={now} />
        ))}
      {hidden > 0 && <span className="more-bars small muted">+{hidden} more</span>}
    </td>
  )
}

const WindowBar = ({ bar, now }: { readonly bar: Bar<ShownWindow>; readonly now: number }) => {
  const { endsAt, maintenance, startsAt } = bar.window
  const state = endsAt !== null && endsAt <= now ? "past" : startsAt <= now ? "open" : "coming"
  return (
    <Link
      to="/maintenance/$id"
      params={{ id: maintenance.id }}
      className={`bar ${state}${bar.isBegun ? " begun" : ""}${bar.goesOn ? " goes-on" : ""}`}
      style={{ "--days": bar.days, "--lane": bar.lane }}
      tabIndex={-1}
      title={`${maintenance.title}: ${windowText(startsAt, endsAt, now)}`}
      onClick={(event) => event.stopPropagation()}
    >
      {!bar.isBegun && bar.days > 1 && <span className="at">{timeOfDay(startsAt)}</span>}
      <span className="clip">{maintenance.title}</span>
    </Link>
  )
}
