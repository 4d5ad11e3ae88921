import { useEffect, useLayoutEffect, useRef, useState } from "react"
import { type PageSection, type Place, placeOf, stepFrom, withMonitorAt } from "./sections.ts"

/** How the monitors of a page are put in order. */
export interface Reorder {
  /** What happened last, for those who do not see it. */
  readonly said: string
  readonly say: (text: string) => void
  /** The monitor that is being dragged. */
  readonly dragged: string | null
  /** Begins to drag a monitor; it follows the pointer until that is let go, and Escape puts it back. */
  readonly drag: (monitorId: string) => void
  /** Takes a monitor a step up or down. */
  readonly step: (monitorId: string, by: -1 | 1) => void
}

/** The id of the handle of a monitor. */
export const handleId = (monitorId: string): string => `handle-${monitorId}`

/** So near to the edge of the window the page scrolls while something is dragged, in pixels. */
const edge = 72

type Sections = ReadonlyArray<PageSection>

/** Puts the monitors of a page in order, by keys or by dragging. */
export const useReorder = (
  sections: Sections,
  onChange: (sections: Sections) => void,
  nameOf: (monitorId: string) => string,
): Reorder => {
  const [said, say] = useState("")
  const [dragged, setDragged] = useState<string | null>(null)
  const latest = useRef({ sections, onChange })
  latest.current = { sections, onChange }
  const refocus = useRef<string | null>(null)
  // A row that changed its section is another element.
  useLayoutEffect(() => {
    if (refocus.current === null) return
    document.getElementById(handleId(refocus.current))?.focus()
    refocus.current = null
  })
  useEffect(() => {
    if (dragged === null) return
    const before = latest.current.sections
    const move = (event: PointerEvent) => {
      if (event.clientY < edge) window.scrollBy(0, -8)
      else if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 8)
      const from = placeOf(latest.current.sections, dragged)
      const to = from === undefined ? undefined : placeAt(event, from)
      if (to !== undefined) latest.current.onChange(withMonitorAt(latest.current.sections, dragged, to))
    }
    const end = () => setDragged(null)
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return
      latest.current.onChange(before)
      end()
    }
    window.addEventListener("pointermove", move)
    window.addEventListener("pointerup", end)
    window.addEventListener("pointercancel", end)
    window.addEventListener("keydown", key)
    return () => {
      window.removeEventListener("pointermove", move)
      window.removeEventListener("pointerup", end)
      window.removeEventListener("pointercancel", end)
      window.removeEventListener("keydown", key)
    }
  }, [dragged])
  return {
    said,
    say,
    dragged,
    drag: setDragged,
    step: (monitorId, by) => {
      const from = placeOf(sections, monitorId)
      const to = from === undefined ? undefined : stepFrom(sections, from, by)
      if (to === undefined) return say(`${nameOf(monitorId)} is ${by === -1 ? "first" : "last"} already`)
      const next = withMonitorAt(sections, monitorId, to)
      refocus.current = monitorId
      onChange(next)
      const section = next[to.section]
      const where = section?.name.trim() === "" ? `section ${to.section + 1}` : section?.name
      say(`${nameOf(monitorId)} is number ${to.index + 1} of ${section?.monitors.length} in ${where}`)
    },
  }
}

/**
 * Where what is dragged goes: the place of the row that the pointer is over, once it is past that row's middle on the way
 * there. Undefined where nothing changes.
 */
const placeAt = (event: PointerEvent, from: Place): Place | undefined => {
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-place]")
  const [section = Number.NaN, index = Number.NaN] = (over?.dataset["place"] ?? "").split(":").map(Number)
  if (over === null || over === undefined || Number.isNaN(section)) return undefined
  if (over.dataset["empty"] !== undefined) return { section, index: 0 }
  const { height, top } = over.getBoundingClientRect()
  const isPast = event.clientY > top + height / 2
  if (section !== from.section) return { section, index: isPast ? index + 1 : index }
  if (index === from.index || index > from.index !== isPast) return undefined
  return { section, index }
}
