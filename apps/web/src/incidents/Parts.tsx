import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { CheckSeen } from "../monitors/seen/CheckSeen.tsx"
import { Button } from "../ui/Button.tsx"
import { useNow } from "../ui/clock.ts"
import { absoluteTime, counted, shortUrl, span } from "../ui/format.ts"
import { StatusIcon } from "../ui/StatusIcon.tsx"
import type { IncidentDetail } from "./queries.ts"

type Part = IncidentDetail["monitors"][number]

/** How many monitors are shown at first. */
const firstShown = 10

/** The monitors of an incident: those that failed, then those behind them; each with what was seen when it first failed. */
export const Parts = ({ incident: { monitorCount, monitors } }: { readonly incident: IncidentDetail }) => {
  const [all, setAll] = useState(false)
  const shown = all ? monitors : monitors.slice(0, firstShown)
  return (
    <section className="card stack" aria-labelledby="parts-title">
      <h2 id="parts-title">{monitorCount === 1 ? "Monitor" : counted(monitorCount, "monitor")}</h2>
      {monitors.length === 0 && <p className="muted">The monitors of this incident are deleted.</p>}
      <ul className="parts">
        {shown.map((part) => (
          <li key={part.monitorId} className="part">
            <PartOf part={part} open={monitors.length === 1} />
          </li>
        ))}
      </ul>
      {shown.length < monitors.length && (
        <Button onClick={() => setAll(true)}>Show {counted(monitors.length - shown.length, "more", "more")}</Button>
      )}
      {all && monitors.length < monitorCount && (
        <p className="small muted">The first {monitors.length.toLocaleString("en")} are shown.</p>
      )}
    </section>
  )
}

const PartOf = ({ part, open }: { readonly part: Part; readonly open: boolean }) => {
  const now = useNow()
  const { endedAt, role, seen, startedAt } = part
  const lasted = span((endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt))
  return (
    <>
      <div className="part-head">
        <StatusIcon status={endedAt === null ? (role === "failing" ? "Down" : "Unreachable") : "Up"} size={20} label />
        <div className="what">
          <Link to="/monitors/$id" params={{ id: part.monitorId }} className="name">
            {part.name}
          </Link>
          <p className="small muted url">{shortUrl(part.url)}</p>
        </div>
        <p className="small part-state">
          {stateText(role, endedAt === null)}
          <span className="muted">for {lasted}</span>
        </p>
      </div>
      {seen !== null && (
        <details open={open} className="seen">
          <summary>What was seen first</summary>
          <CheckSeen check={seen}>
            <dt>Checked</dt>
            <dd>
              {absoluteTime(Date.parse(seen.slot))} from {seen.region}
            </dd>
          </CheckSeen>
        </details>
      )}
    </>
  )
}

const stateText = (role: Part["role"], goesOn: boolean): string => {
  if (role === "failing") return goesOn ? "Failing" : "Failed"
  return goesOn ? "Behind one that is down" : "Was behind one that was down"
}
