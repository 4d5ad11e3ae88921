import { Link } from "@tanstack/react-router"
import { useEffect, useMemo, useRef } from "react"
import { Button, buttonClass } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import { windowText } from "./planText.ts"
import type { Maintenance } from "./queries.ts"
import { windowsOfAll } from "./windows.ts"

const dayName = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" })

/** The windows of one day, and a way to plan another. */
export const DayWindows = ({
  day,
  maintenances,
  now,
  onClose,
}: {
  /** Such as `2026-11-04`. */
  readonly day: string
  readonly maintenances: ReadonlyArray<Maintenance>
  readonly now: number
  readonly onClose: () => void
}) => {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (day !== "") heading.current?.focus()
  }, [day])
  const windows = useMemo(() => {
    const [year = 0, month = 1, date = 1] = day.split("-").map(Number)
    return windowsOfAll(
      maintenances,
      new Date(year, month - 1, date).getTime(),
      new Date(year, month - 1, date + 1).getTime(),
    )
  }, [day, maintenances])
  const close = () => {
    onClose()
    document.querySelector<HTMLElement>(`td[data-date="${day}"]`)?.focus()
  }
  return (
    <section className="card stack day-windows only-calendar" aria-labelledby="day-title">
      <div className="spread">
        <h2 id="day-title" ref={heading} tabIndex={-1}>
          {dayName.format(new Date(`${day}T00:00`))}
        </h2>
        <Button tone="quiet" className="small" aria-label="Close the day" onClick={close}>
          <Icon name="close" />
        </Button>
      </div>
      {windows.length === 0 ? (
        <p className="muted">No maintenance on this day.</p>
      ) : (
        <ul className="stack">
          {windows.map(({ endsAt, maintenance, startsAt }) => (
            <li key={`${maintenance.id} ${startsAt}`}>
              <Link to="/maintenance/$id" params={{ id: maintenance.id }} className="name">
                {maintenance.title}
              </Link>
              <p className="small muted">{windowText(startsAt, endsAt, now)}</p>
            </li>
          ))}
        </ul>
      )}
      <Link to="/maintenance/new" search={{ day }} className={buttonClass("plain", "small")}>
        <Icon name="plus" />
        Plan one on this day
      </Link>
    </section>
  )
}
