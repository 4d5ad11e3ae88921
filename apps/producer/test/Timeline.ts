import { SqlClient } from "@effect/sql/SqlClient"
import type { IncidentId, MonitorId, UserId } from "@uptime/domain/Ids"
import type { Incident } from "@uptime/domain/Incident"
import { Incidents } from "@uptime/persistence/Incidents"
import { Clock, Effect } from "effect"
import type { Received } from "./IncidentWorld.ts"

/** Something that happened. */
export interface Entry {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly what: (typeof kinds)[number]
  /** A region, or `*` for all of them; the severity of an incident; the type of a message. */
  readonly of: string
  readonly says: string
}

/** In the order in which they follow from each other at one instant. */
const kinds = ["target", "state", "incident", "message"] as const

/** A line per entry, in the order of time, which is written as minutes and seconds since `base`. */
export const tableOf = (base: number, entries: ReadonlyArray<Entry>): ReadonlyArray<string> => {
  const width = Math.max(...entries.map(({ of }) => of.length))
  return [...entries]
    .sort((a, b) => a.at - b.at || kinds.indexOf(a.what) - kinds.indexOf(b.what))
    .map(({ at, of, says, what }) => `${clockOf(at - base)}  ${what.padEnd(8)}  ${of.padEnd(width)}  ${says}`)
}

const clockOf = (ms: number): string => {
  const seconds = String((ms / 1000) % 60).padStart(2, "0")
  return `${Math.floor(ms / 60_000)}:${seconds}`.padStart(5)
}

/** What a monitor was said to be, in each region and as a whole, each since when, and what was seen at that instant. */
export const statesOf = (id: MonitorId) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const rows = yield* sql<StateRow>`
      SELECT round(date_part('epoch', started_at) * 1000) AS at, state, interval.location, error_message AS error,
        attempts, evidence->>'body' AS body
      FROM state_intervals AS interval
        LEFT JOIN check_results AS result ON result.monitor_id = interval.monitor_id
          AND result.location = interval.location AND scheduled_at = started_at
      WHERE interval.monitor_id = ${id}
      ORDER BY started_at, interval.location = '*', interval.location DESC`
    return rows.map((row): Entry => ({ at: row.at, what: "state", of: row.location, says: sayState(row) }))
  })

interface StateRow {
  readonly at: number
  readonly state: string
  readonly location: string
  readonly error: string | null
  readonly attempts: number | null
  readonly body: string | null
}

const sayState = ({ attempts, body, error, state }: StateRow): string =>
  [
    state,
    ...(error === null ? [] : [error]),
    ...(attempts === 2 ? ["at the second try, too"] : []),
    ...(body === null ? [] : [`"${body}"`]),
  ].join(", ")

/** Adds to the entries what an owner's incidents are, each where it is another than when this was last asked. */
export const watchIncidents = (owner: UserId, entries: Array<Entry>) => {
  const shown = new Map<IncidentId, string>()
  return Effect.gen(function* () {
    const { list } = yield* Incidents
    const at = yield* Clock.currentTimeMillis
    for (const incident of yield* list(owner, {}, 100, null)) {
      const entry: Entry = { at, what: "incident", of: incident.severity, says: sayIncident(incident) }
      if (shown.get(incident.id) !== `${entry.of} ${entry.says}`) entries.push(entry)
      shown.set(incident.id, `${entry.of} ${entry.says}`)
    }
  })
}

const sayIncident = ({ acknowledgedBy, resolvedAt, title }: Incident): string =>
  [
    title,
    ...(acknowledgedBy === null ? [] : [`acknowledged by ${acknowledgedBy}`]),
    ...(resolvedAt === null ? [] : ["resolved"]),
  ].join(", ")

/** A message, when it came. */
export const messageEntry = ({ at, headline, type }: Received): Entry => ({
  at,
  what: "message",
  of: type.replace("incident.", ""),
  says: headline,
})
