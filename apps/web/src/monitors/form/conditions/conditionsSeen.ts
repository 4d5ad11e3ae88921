import type { Answer } from "../../../api/call.ts"
import type { MonitorOverview } from "../../../api/types.ts"

/** What a region saw for a condition: whether it held, and what was seen where that is known. */
export interface SeenThere {
  readonly location: string
  readonly holds: boolean
  readonly seen: string | null
}

type Locations = ReadonlyArray<Pick<MonitorOverview["locations"][number], "location" | "latest">>

/**
 * What the last result of each region says of a condition. A result says which of its conditions failed and what was seen
 * instead; those it does not name held, unless the message was cut. Other failures say nothing of conditions.
 *
 * @param conditions the texts of all conditions that the results were judged by
 */
export const seenInResults = (
  condition: string,
  conditions: ReadonlyArray<string>,
  locations: Locations,
): ReadonlyArray<SeenThere> => {
  if (!conditions.includes(condition)) return []
  return locations.flatMap(({ latest, location }): ReadonlyArray<SeenThere> => {
    if (latest.error === null) return latest.status === "Up" ? [{ location, holds: true, seen: null }] : []
    if (latest.error.kind !== "condition") return []
    const { message } = latest.error
    const seen = seenIn(message, condition, conditions)
    if (seen !== null) return [{ location, holds: false, seen }]
    return message.endsWith("…") ? [] : [{ location, holds: true, seen: null }]
  })
}

/** What a message says of a condition that failed: `[STATUS] was 503`; null when it does not name it. */
const seenIn = (message: string, condition: string, conditions: ReadonlyArray<string>): string | null => {
  const start = `${condition.trim()} failed: `
  const at = message.indexOf(start)
  if (at === -1 || (at > 0 && message.slice(at - 2, at) !== "; ")) return null
  const rest = message.slice(at + start.length)
  const ends = [...conditions.map((other) => rest.indexOf(`; ${other.trim()} failed: `)), rest.indexOf("; …")].filter(
    (end) => end !== -1,
  )
  return ends.length === 0 ? rest : rest.slice(0, Math.min(...ends))
}

type TestRun = Answer<"testRuns", "run">["items"]

/** What a check that was tried saw for a condition; nothing where it did not get so far. */
export const seenInTestRun = (condition: string, run: TestRun): ReadonlyArray<SeenThere> =>
  run.flatMap(({ location, result }) => {
    const found = result?.conditions.find((each) => each.condition === condition)
    return found === undefined || found.holds === null ? [] : [{ location, holds: found.holds, seen: found.seen }]
  })
