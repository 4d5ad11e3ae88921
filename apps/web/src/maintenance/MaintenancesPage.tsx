import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useSearch } from "@tanstack/react-router"
import { useState } from "react"
import { useTitle } from "../app/useTitle.ts"
import { buttonClass } from "../ui/Button.tsx"
import { currentTime, useNow } from "../ui/clock.ts"
import { Empty, ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { DayWindows } from "./DayWindows.tsx"
import { MaintenanceList } from "./MaintenanceList.tsx"
import "./maintenance.css"
import { monthText } from "./calendar.ts"
import { MonthCalendar } from "./MonthCalendar.tsx"
import { maintenancesQuery } from "./queries.ts"

/** Planned maintenances: a month as a calendar, and beside it what is open, to come and past. */
export const MaintenancesPage = () => {
  useTitle("Maintenance")
  const { data: maintenances, error, isPending, refetch } = useQuery(maintenancesQuery)
  // What was ended or started just now is so at once, not when the clock that is shown goes on.
  const now = Math.max(useNow(), currentTime())
  const search = useSearch({ from: "/inside/maintenance" })
  const navigate = useNavigate()
  const [day, setDay] = useState<string | null>(null)
  if (!isPending && maintenances === undefined) return <ErrorState error={error} onRetry={() => void refetch()} />
  const month = search.month ?? monthText(new Date(now))
  return (
    <div className="stack">
      <div className="spread">
        <h1>Maintenance</h1>
        <div className="row">
          <Link to="/maintenance/new" search={{ now: true }} className={buttonClass()}>
            <Icon name="play" />
            Start one now
          </Link>
          <Link to="/maintenance/new" className={buttonClass("primary")}>
            <Icon name="plus" />
            Plan<span className="only-wide"> maintenance</span>
          </Link>
        </div>
      </div>
      {maintenances === undefined ? (
        <Loading>
          <div className="maintenance-columns">
            <div className="only-calendar">
              <Skeleton height={620} />
            </div>
            <Skeleton height={320} />
          </div>
        </Loading>
      ) : (
        <div className="maintenance-columns">
          <MonthCalendar
            month={month}
            maintenances={maintenances}
            now={now}
            selected={day}
            onMonth={(next) => void navigate({ to: "/maintenance", search: { month: next }, replace: true })}
            onSelect={setDay}
          />
          <div className="stack">
            {day !== null && (
              <DayWindows day={day} maintenances={maintenances} now={now} onClose={() => setDay(null)} />
            )}
            {maintenances.length === 0 ? (
              <div className="card">
                <Empty icon="calendar" title="Nothing is planned">
                  While a maintenance is on, its monitors are checked, and nobody is told; it counts as no downtime.
                </Empty>
              </div>
            ) : (
              <MaintenanceList maintenances={maintenances} now={now} />
            )}
          </div>
        </div>
      )}
    </div>
  )
}
