import type { MonitorOverview } from "../../api/types.ts"
import { useNow } from "../../ui/clock.ts"
import { duration, span } from "../../ui/format.ts"
import { RelativeTime } from "../../ui/RelativeTime.tsx"
import { StatusBadge } from "../../ui/StatusIcon.tsx"
import { statusWords } from "../../ui/status.ts"

type Place = MonitorOverview["locations"][number]

/** What each region sees, since when, and what it is about to see. */
export const RegionList = ({ monitor }: { readonly monitor: MonitorOverview }) => {
  const now = useNow()
  if (monitor.locations.length === 0) return null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-scroll" tabIndex={0} aria-label="Regions">
      <table>
        <caption className="visually-hidden">Regions</caption>
        <thead>
          <tr>
            <th scope="col">Region</th>
            <th scope="col">Status</th>
            <th scope="col" className="only-wide">
              For
            </th>
            <th scope="col" className="number">
              Response
            </th>
            <th scope="col" className="only-wide">
              Last check
            </th>
            <th scope="col">What was seen</th>
          </tr>
        </thead>
        <tbody>
          {monitor.locations.map((place) => (
            <tr key={place.location}>
              <th scope="row">{place.location}</th>
              <td>
                <StatusBadge status={place.status} />
              </td>
              <td className="only-wide">{span(Math.max(0, now - Date.parse(place.since)))}</td>
              <td className="number">{duration(place.latest.responseTimeMs)}</td>
              <td className="only-wide">
                <RelativeTime at={place.latest.checkedAt} />
              </td>
              <td className="seen">
                {confirmingText(place, monitor.confirmation)}
                {seenText(place)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const seenText = ({ latest }: Place): string =>
  latest.error?.message ?? (latest.httpStatus === null ? "" : `HTTP ${latest.httpStatus}`)

/** A change that is not believed yet: "Down 1 of 2 times. ". */
const confirmingText = ({ confirming }: Place, confirmation: MonitorOverview["confirmation"]): string => {
  if (confirming === null) return ""
  const needed = confirming.status === "Up" ? confirmation.successes : confirmation.failures
  return `${statusWords[confirming.status]} ${confirming.count} of ${needed} times. `
}
