import type { ReactNode } from "react"
import { useId } from "react"
import { currentTime } from "../../../ui/clock.ts"
import { moved, type Stretch, zoomed } from "./stretch.ts"

/** How far a key moves a chart, as a share of what it shows. */
const step = 0.25

/** What a key makes of the stretch that is shown; undefined for keys that do nothing. */
const byKey = (key: string, stretch: Stretch, now: number): Stretch | undefined => {
  switch (key) {
    case "+":
    case "=":
      return zoomed(stretch, 0.5, now)
    case "-":
      return zoomed(stretch, 2, now)
    case "ArrowLeft":
      return moved(stretch, -step, now)
    case "ArrowRight":
      return moved(stretch, step, now)
    default:
      return undefined
  }
}

/** The place of a chart, in which keys zoom and move it. */
export const ChartPane = ({
  label,
  stretch,
  onStretch,
  isBusy,
  children,
}: {
  readonly label: string
  readonly stretch: Stretch
  readonly onStretch: (stretch: Stretch) => void
  readonly isBusy: boolean
  readonly children: ReactNode
}) => {
  const helpId = useId()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is no set of fields
    <div
      className="chart-box"
      role="group"
      aria-roledescription="chart"
      aria-label={label}
      aria-describedby={helpId}
      aria-busy={isBusy}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys zoom and move it
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return
        const next = byKey(event.key, stretch, currentTime())
        if (next === undefined) return
        event.preventDefault()
        onStretch(next)
      }}
    >
      {children}
      <p id={helpId} className="chart-help">
        Drag to zoom in. Keys: <kbd>+</kbd> <kbd>-</kbd> zoom, <kbd>←</kbd> <kbd>→</kbd> move.
      </p>
    </div>
  )
}
