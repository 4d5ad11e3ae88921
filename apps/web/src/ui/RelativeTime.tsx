import { currentTime, useNow } from "./clock.ts"
import { absoluteTime, relativeTime } from "./format.ts"
import { Tooltip } from "./Tooltip.tsx"

/** How long ago something was, and when exactly, in the viewer's zone, on hover or focus. */
export const RelativeTime = ({ at }: { readonly at: string }) => {
  const time = Date.parse(at)
  const shown = relativeTime(time, Math.max(useNow(), Math.min(time, currentTime())))
  return (
    <Tooltip text={absoluteTime(time)} focusable>
      <time dateTime={at}>{shown}</time>
    </Tooltip>
  )
}
