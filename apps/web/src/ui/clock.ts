import { useSyncExternalStore } from "react"

/**
 * The time, in milliseconds since the epoch. Everything in the dashboard that asks for the time asks here: it runs in
 * browsers, to which Effect and its clock are not sent.
 */
export const currentTime = (): number => Date.now()

/** A clock that goes on by itself while somebody looks at it: one timer for all that shows it. */
const ticking = (everyMs: number) => {
  const listeners = new Set<() => void>()
  let now = currentTime()
  let timer: ReturnType<typeof setInterval> | undefined
  const subscribe = (listener: () => void) => {
    // It stood still while nobody looked at it.
    if (listeners.size === 0) now = currentTime()
    listeners.add(listener)
    timer ??= setInterval(() => {
      now = currentTime()
      for (const each of listeners) each()
    }, everyMs)
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }
  return (): number => useSyncExternalStore(subscribe, () => now)
}

/** The time, in milliseconds since the epoch, brought up to date every ten seconds. */
export const useNow = ticking(10_000)

/** The same, every second: for what is counted down. */
export const useSecond = ticking(1_000)
