import { useSyncExternalStore } from "react"
import { useTheme } from "../../../app/theme.ts"

/** The colours that a chart draws with, as a canvas takes them. */
export interface ChartColours {
  readonly text: string
  readonly grid: string
  readonly surface: string
  readonly lines: ReadonlyArray<string>
  readonly outage: string
  readonly incident: string
  readonly maintenance: string
  readonly font: string
}

/** How many colours there are for lines; more lines differ by their dashes. */
export const lineColours = 6

/** The dashes of lines, the first of which are whole: every line differs by more than its colour. */
export const dashes: ReadonlyArray<ReadonlyArray<number>> = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 4], [14, 4]]

const dark = typeof window === "undefined" ? undefined : window.matchMedia("(prefers-color-scheme: dark)")

/** What the colours depend on: the theme that is chosen, and the system's. */
export const useColourScheme = (): string => {
  const theme = useTheme()
  const system = useSyncExternalStore(
    (listener) => {
      dark?.addEventListener("change", listener)
      return () => dark?.removeEventListener("change", listener)
    },
    () => dark?.matches === true,
  )
  return theme === "system" ? (system ? "dark" : "light") : theme
}

/** The colours at a place of the page. Properties may be written as `light-dark(…)`, which only a real colour resolves. */
export const coloursOf = (element: HTMLElement): ChartColours => {
  const sample = element.ownerDocument.createElement("span")
  // A colour on its way to another is still the old one when it is read.
  sample.style.transition = "none"
  element.append(sample)
  const colour = (name: string): string => {
    sample.style.color = `var(--${name})`
    return getComputedStyle(sample).color
  }
  const colours = {
    text: colour("text-2"),
    grid: colour("border"),
    surface: colour("surface"),
    lines: Array.from({ length: lineColours }, (_, index) => colour(`line-${index + 1}`)),
    outage: colour("down"),
    incident: colour("partial"),
    maintenance: colour("maintenance"),
    font: getComputedStyle(element).fontFamily,
  }
  sample.remove()
  return colours
}
