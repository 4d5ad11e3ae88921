import { useSyncExternalStore } from "react"
import { Button } from "./Button.tsx"
import { Icon } from "./Icon.tsx"

/** How long a toast stays, in milliseconds. */
const shownFor = 6_000

/** The most toasts at once: the oldest gives way. */
const most = 3

/** What a toast says, and how what it tells of can be taken back. */
export interface Toast {
  readonly text: string
  readonly undo?: () => void
  /** Called once when the toast is gone without having been taken back. */
  readonly onGone?: () => void
}

interface Shown extends Toast {
  readonly id: number
}

let toasts: ReadonlyArray<Shown> = []
let lastId = 0
const listeners = new Set<() => void>()
const timers = new Map<number, ReturnType<typeof setTimeout>>()

const change = (next: ReadonlyArray<Shown>) => {
  toasts = next
  for (const listener of listeners) listener()
}

const end = (id: number, undone: boolean) => {
  const toast = toasts.find((each) => each.id === id)
  clearTimeout(timers.get(id))
  timers.delete(id)
  if (toast === undefined) return
  change(toasts.filter((each) => each.id !== id))
  if (undone) toast.undo?.()
  else toast.onGone?.()
}

/** Says that something was done. */
export const showToast = (toast: Toast): void => {
  const id = ++lastId
  const oldest = toasts[0]
  if (toasts.length >= most && oldest !== undefined) end(oldest.id, false)
  change([...toasts, { ...toast, id }])
  timers.set(
    id,
    setTimeout(() => end(id, false), shownFor),
  )
}

/** What waits for its toast to be gone is done now, as when the page is left. */
export const settleToasts = (): void => {
  for (const { id } of toasts) end(id, false)
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where toasts appear. */
export const Toasts = () => {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.id} className="toast">
          <span>{toast.text}</span>
          {toast.undo !== undefined && (
            <Button tone="quiet" className="small" onClick={() => end(toast.id, true)}>
              Undo
            </Button>
          )}
          <Button tone="quiet" className="small" aria-label="Close" onClick={() => end(toast.id, false)}>
            <Icon name="close" />
          </Button>
        </div>
      ))}
    </div>
  )
}
