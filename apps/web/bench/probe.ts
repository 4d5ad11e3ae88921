/**
 * What the benchmark of the dashboard reads in the page itself: it is there before any script of the page, as
 * `window.probe`. All times are in milliseconds; where nothing else is said, since the navigation began.
 */

/** How long the list stays as it is before a change of it counts as done, in milliseconds. */
const quietFor = 200

/** Calls back once the next frame has been painted: a message that is posted in a frame comes after its painting. */
const painted = (then: () => void): void => {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = then
    port2.postMessage(null)
  })
}

const firstRows = new Promise<number>((resolve) => {
  const observer = new MutationObserver(() => {
    if (document.querySelector(".monitor-row") === null) return
    observer.disconnect()
    painted(() => resolve(performance.now()))
  })
  observer.observe(document, { childList: true, subtree: true })
})

/** The shifts of each session window: at most 1 s apart, 5 s in all (https://web.dev/articles/cls). */
const windows: Array<{ sum: number; readonly began: number; last: number }> = []

interface LayoutShift extends PerformanceEntry {
  readonly value: number
  readonly hadRecentInput: boolean
}

const isLayoutShift = (entry: PerformanceEntry): entry is LayoutShift => entry.entryType === "layout-shift"

new PerformanceObserver((list) => {
  for (const shift of list.getEntries().filter(isLayoutShift)) {
    if (shift.hadRecentInput) continue
    const open = windows.at(-1)
    if (open !== undefined && shift.startTime - open.last < 1_000 && shift.startTime - open.began < 5_000) {
      open.sum += shift.value
      open.last = shift.startTime
    } else windows.push({ sum: shift.value, began: shift.startTime, last: shift.startTime })
  }
}).observe({ type: "layout-shift", buffered: true })

/** How long an input took: to the next frame, and to the last frame that changed what is shown. */
interface Latency {
  readonly frame: number
  readonly shown: number
}

let latency: Promise<Latency> | undefined

/** What changes when something else is shown: the rows of the list, how many match, the palette and what it offers. */
const watched = (): ReadonlyArray<readonly [Element, MutationObserverInit]> => [
  ...[...document.querySelectorAll(".list-card > ul, .layout, [role=listbox]")].map(
    (element) => [element, { childList: true }] as const,
  ),
  ...[...document.querySelectorAll(".monitor-list > [role=status]")].map(
    (element) => [element, { childList: true, characterData: true, subtree: true }] as const,
  ),
]

/** Measures the next key or click. */
const arm = (): void => {
  latency = new Promise((resolve) => {
    const onInput = (event: Event) => {
      const start = event.timeStamp
      let frame = 0
      let shown = 0
      let quiet: ReturnType<typeof setTimeout> | undefined
      const observer = new MutationObserver(() => settle())
      const settle = () => {
        clearTimeout(quiet)
        painted(() => {
          shown = performance.now() - start
          frame ||= shown
          clearTimeout(quiet)
          quiet = setTimeout(() => {
            observer.disconnect()
            resolve({ frame, shown })
          }, quietFor)
        })
      }
      for (const type of ["keydown", "click"]) removeEventListener(type, onInput, true)
      for (const [element, changes] of watched()) observer.observe(element, changes)
      settle()
    }
    for (const type of ["keydown", "click"]) addEventListener(type, onInput, true)
  })
}

/** How long a place is looked at, in milliseconds: longer than a row has to stay, and what asks for it waits for others. */
const looksFor = 250

/** How long each frame lasted while the page was scrolled to its end, so many pixels in each, or for so many frames. */
const scroll = (step: number, most = Number.POSITIVE_INFINITY): Promise<ReadonlyArray<number>> =>
  new Promise((resolve) => {
    const frames: Array<number> = []
    let last: number | undefined
    const next = (now: number) => {
      if (last !== undefined) frames.push(now - last)
      last = now
      const before = window.scrollY
      window.scrollBy(0, step)
      if (window.scrollY === before || frames.length >= most) resolve(frames)
      else requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })

/** Looks at the whole page, so many pixels at a time, each for as long as it takes until what is in sight has been asked for. */
const look = async (step: number): Promise<void> => {
  for (let before = -1; window.scrollY !== before; ) {
    before = window.scrollY
    window.scrollBy(0, step)
    await new Promise((resolve) => setTimeout(resolve, looksFor))
  }
}

/** The calls of the api and the scripts so far. */
const resources = () =>
  performance
    .getEntriesByType("resource")
    .filter((entry): entry is PerformanceResourceTiming => entry instanceof PerformanceResourceTiming)
    .map((entry) => ({
      path: new URL(entry.name).pathname,
      began: entry.startTime,
      waited: entry.responseStart - entry.requestStart,
      ended: entry.responseEnd,
      bytes: entry.encodedBodySize,
      plainBytes: entry.decodedBodySize,
    }))

/** What the benchmark asks the page. */
export const probe = {
  firstRows: () => firstRows,
  /** The cumulative layout shift: the largest sum of a session window. It has no unit: shares of the window, multiplied. */
  layoutShift: () => Math.max(0, ...windows.map(({ sum }) => sum)),
  /** When something was painted first. */
  firstPaint: () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  arm,
  latency: () => latency,
  scroll,
  look,
  resources,
}

Object.assign(window, { probe })
