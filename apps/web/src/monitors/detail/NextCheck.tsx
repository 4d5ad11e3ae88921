import { useSecond } from "../../ui/clock.ts"
import { span } from "../../ui/format.ts"

/** How soon a monitor is checked next, second by second. */
export const NextCheck = ({ at, isPaused }: { readonly at: string | null; readonly isPaused: boolean }) => {
  if (at === null) return isPaused ? "Paused" : "–"
  return <Countdown to={Date.parse(at)} />
}

const Countdown = ({ to }: { readonly to: number }) => {
  const left = to - useSecond()
  return left < 1_000 ? "now" : `in ${span(left)}`
}
