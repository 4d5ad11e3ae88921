import { useEffect, useState } from "react"
import { span } from "../../ui/format.ts"

/** How soon a monitor is checked next, second by second. */
export const NextCheck = ({ at, isPaused }: { readonly at: string | null; readonly isPaused: boolean }) => {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (at === null) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [at])
  if (at === null) return isPaused ? "Paused" : "–"
  const left = Date.parse(at) - now
  return left < 1_000 ? "now" : `in ${span(left)}`
}
