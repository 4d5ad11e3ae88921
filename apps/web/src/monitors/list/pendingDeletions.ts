import { useMemo, useSyncExternalStore } from "react"
import type { MonitorSummary } from "../../api/types.ts"

let pending: ReadonlySet<string> = new Set()
const listeners = new Set<() => void>()

const change = (next: ReadonlySet<string>) => {
  pending = next
  for (const listener of listeners) listener()
}

/** Hides monitors that are about to be deleted, for as long as that can be taken back. */
export const hide = (ids: Iterable<string>): void => change(new Set([...pending, ...ids]))

/** Shows them again. */
export const show = (ids: ReadonlySet<string>): void => change(new Set([...pending].filter((id) => !ids.has(id))))

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The monitors that are not about to be deleted; none while there is no list. */
export const useKept = (monitors: ReadonlyArray<MonitorSummary> | undefined): ReadonlyArray<MonitorSummary> => {
  const hidden = useSyncExternalStore(subscribe, () => pending)
  return useMemo(() => {
    if (monitors === undefined) return []
    return hidden.size === 0 ? monitors : monitors.filter(({ id }) => !hidden.has(id))
  }, [monitors, hidden])
}
