import { useDeferredValue, useMemo } from "react"
import { useNow } from "../ui/clock.ts"
import { relativeTime } from "../ui/format.ts"
import { ownZone, windowText } from "./planText.ts"
import type { Plan } from "./queries.ts"
import { firstWindows } from "./windows.ts"

/** How many windows are shown. */
const shown = 5

/** The next windows of a plan as it is typed, in the viewer's zone. */
export const WindowPreview = ({ plan, timeZone }: { readonly plan: Plan | null; readonly timeZone: string }) => {
  const now = useNow()
  const minute = Math.floor(now / 60_000) * 60_000
  const wanted = useDeferredValue(plan)
  const windows = useMemo(() => (wanted === null ? [] : firstWindows(wanted, minute, shown)), [wanted, minute])
  const isElsewhere = timeZone !== ownZone()
  return (
    <section className="card stack preview" aria-labelledby="preview-title">
      <h2 id="preview-title">Next windows</h2>
      <div role="status" className="stack">
        {wanted === null ? (
          <p className="muted">They appear here once it is said when.</p>
        ) : windows.length === 0 ? (
          <p className="muted">
            {wanted.kind === "single"
              ? "It is over already: choose an end that is to come."
              : "There is none in the next ten years."}
          </p>
        ) : (
          <ol>
            {windows.map(({ endsAt, startsAt }) => (
              <li key={startsAt}>
                <span>{windowText(startsAt, endsAt, now)}</span>
                <span className="small muted">{startsAt <= now ? "open now" : relativeTime(startsAt, now)}</span>
              </li>
            ))}
          </ol>
        )}
      </div>
      <p className="small muted">
        {isElsewhere ? `In your zone, ${ownZone()}; it is planned in ${timeZone}.` : `In your zone, ${ownZone()}.`}
      </p>
    </section>
  )
}
