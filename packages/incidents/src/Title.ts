import { type Draft, failingParts } from "./Draft.ts"
import { type Severity, severities } from "./Severity.ts"
import type { Standing } from "./Standing.ts"
import { severityNow } from "./Trouble.ts"
import type { IncidentPart, World } from "./World.ts"

/** What a monitor of an incident is said to be. */
type State = Severity | "Flapping"

const states: ReadonlyArray<State> = [...severities, "Flapping"]

const words: Readonly<Record<State, string>> = {
  Down: "down",
  Partial: "down in some regions",
  Degraded: "degraded",
  Unknown: "without results",
  Flapping: "flapping",
}

/** A number with its noun, such as `1 monitor` or `3 monitors`. */
export const countOf = (count: number): string => `${count} monitor${count === 1 ? "" : "s"}`

/**
 * The title of an incident while it is open, by what is not well now: `api.example.com is down`, `3 monitors are down, 1
 * degraded`, `router is down, 500 monitors behind it unreachable`.
 */
export const openTitle = (
  world: World,
  standings: ReadonlyMap<Standing["monitor"]["id"], Standing>,
  draft: Draft,
): string => {
  const failing = failingParts(draft).map((part) => {
    const standing = standings.get(part.monitorId)
    const isFlapping = standing !== undefined && standing.trouble.flapping.since !== null
    return { part, state: isFlapping ? ("Flapping" as const) : severityNow(part, standing?.monitor.status) }
  })
  const unreachable = [...draft.parts.values()].filter(
    ({ endedAt, role }) => role === "unreachable" && endedAt === null,
  )
  return titleOf(world, failing, unreachable.length, { one: "is", many: "are" })
}

/** The title of an incident that is over, by the worst that each of its monitors was: `api.example.com was down`. */
export const closedTitle = (world: World, draft: Draft): string => {
  const parts = [...draft.parts.values()]
  const failing = parts.filter(({ role }) => role === "failing").map((part) => ({ part, state: part.severity }))
  return titleOf(world, failing, parts.length - failing.length, { one: "was", many: "were" })
}

const titleOf = (
  world: World,
  failing: ReadonlyArray<{ readonly part: IncidentPart; readonly state: State }>,
  unreachable: number,
  verb: { readonly one: string; readonly many: string },
): string => {
  const counts = new Map<State, number>()
  for (const { state } of failing) counts.set(state, (counts.get(state) ?? 0) + 1)
  const [first = "Down", ...rest] = states.filter((state) => counts.has(state))
  const [only] = failing
  const single = failing.length === 1 && only !== undefined ? world.monitors.get(only.part.monitorId) : undefined
  const count = counts.get(first) ?? 0
  const head = `${single?.name ?? countOf(count)} ${count === 1 ? verb.one : verb.many} ${words[first]}`
  const others = rest.map((state) => `${counts.get(state) ?? 0} ${words[state]}`)
  const behind = `${countOf(unreachable)} behind ${failing.length === 1 ? "it" : "them"} unreachable`
  return [head, ...others, ...(unreachable > 0 ? [behind] : [])].join(", ")
}
