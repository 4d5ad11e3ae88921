import { useSyncExternalStore } from "react"
import { absoluteTime, relativeTime } from "./format.ts"
import { Tooltip } from "./Tooltip.tsx"

/** How often what is shown is brought up to date, in milliseconds. */
const every = 10_000

const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

const subscribe = (listener: () => void) => {
  // The clock stood still while nobody looked at it.
  if (listeners.size === 0) now = Date.now()
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, every)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time, in milliseconds since the epoch, which goes on by itself: one clock for all that shows it. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now)

/** How long ago something was, and when exactly, in the viewer's zone, on hover or focus. */
export const RelativeTime = ({ at }: { readonly at: string }) => {
  const time = Date.parse(at)
  const shown = relativeTime(time, Math.max(useNow(), Math.min(time, Date.now())))
  return (
    <Tooltip text={absoluteTime(time)} focusable>
      <time dateTime={at}>{shown}</time>
    </Tooltip>
  )
}
