import { memo } from "react"
import type { RecentChecks } from "../api/types.ts"
import { statusOrder, statusWords } from "./status.ts"

/** How many checks a bar has room for. */
export const barSlots = 40

/** What a bar shows, in a sentence: "Last 40 checks: 38 Up, 2 Down." */
export const barText = (checks: RecentChecks["checks"]): string => {
  if (checks.length === 0) return "No checks yet."
  const counts = statusOrder.flatMap((status) => {
    const count = checks.filter((check) => check.status === status).length
    return count === 0 ? [] : [`${count} ${statusWords[status]}`]
  })
  return `Last ${checks.length} checks: ${counts.toReversed().join(", ")}.`
}

/** The share of the height that a check takes, by what it found: what went wrong stands out by its form, too. */
const heights = { Up: 0.62, Degraded: 0.8, Partial: 0.9, Down: 1, Unknown: 0.3 } as const

const checkStatuses = ["Up", "Degraded", "Partial", "Down", "Unknown"] as const

/** One outline for all bars of a status: hundreds of bars are in sight, and each element would cost. */
const outlineOf = (bars: ReadonlyArray<readonly [place: number, height: number]>): string =>
  bars.map(([place, height]) => `M${place * 5} 24v${-height}h3v${height}z`).join("")

/** The last checks of a monitor, the newest at the right: each a bar by status, tall where something was wrong. */
export const CheckBar = memo(({ checks }: { readonly checks: RecentChecks["checks"] | undefined }) => {
  const shown = checks?.slice(-barSlots) ?? []
  const missing = barSlots - shown.length
  return (
    <svg
      className="check-bar"
      viewBox={`0 0 ${barSlots * 5 - 2} 24`}
      preserveAspectRatio="none"
      role="img"
      aria-label={checks === undefined ? "Checks are loading." : barText(shown)}
    >
      <path className="none" d={outlineOf(Array.from({ length: missing }, (_, place) => [place, 7]))} />
      {checkStatuses.map((status) => {
        const bars = shown.flatMap((check, index) =>
          check.status === status ? [[missing + index, Math.round(heights[status] * 24)] as const] : [],
        )
        return bars.length === 0 ? null : <path key={status} className={`status-${status}`} d={outlineOf(bars)} />
      })}
    </svg>
  )
})
