import type { SqlClient } from "@effect/sql/SqlClient"
import type { ChannelId, EscalationId, MonitorId, UserId } from "@uptime/domain/Ids"
import type { MonitorSettings } from "@uptime/domain/Monitor"
import { findParentCycle } from "@uptime/domain/ParentCycle"
import { Data, Effect } from "effect"

/**
 * Settings refer to something that the owner does not have, whether somebody else has it or nobody.
 *
 * @property index the place of the settings in what was given
 */
export class ReferenceNotFound extends Data.TaggedError("ReferenceNotFound")<{
  readonly index: number
  readonly what: "parent" | "channel" | "escalation"
  readonly id: MonitorId | ChannelId | EscalationId
}> {}

/** Monitors would lie behind themselves: the first one of the circle, those between, and the first again. */
export class ParentCycle extends Data.TaggedError("ParentCycle")<{
  readonly index: number
  readonly monitors: ReadonlyArray<{ readonly id: MonitorId; readonly name: string }>
}> {}

/** Settings that were given, and what they were before; null for a new monitor. */
interface Given {
  readonly before: MonitorSettings | null
  readonly settings: MonitorSettings
}

/**
 * Fails unless the owner has all that settings refer to anew. What they referred to before is left alone: it may have been
 * deleted since. In a transaction that has locked the account.
 */
export const assertReferences = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  given: ReadonlyArray<Given>,
) {
  const references = given.flatMap(({ before, settings }, index) => newReferences(index, before, settings))
  for (const [what, table] of tables) {
    const wanted = references.filter((reference) => reference.what === what)
    if (wanted.length === 0) continue
    const rows = yield* sql<{ readonly id: string }>`
      SELECT id FROM ${sql(table)}
      WHERE user_id = ${userId} AND id = ANY(${wanted.map(({ id }) => id)}::uuid[])
        AND ${what === "channel" ? sql`deleted_at IS NULL` : sql`true`}`
    const found = new Set(rows.map(({ id }) => id))
    const missing = wanted.find(({ id }) => !found.has(id.toLowerCase()))
    if (missing !== undefined) return yield* new ReferenceNotFound(missing)
  }
})

const tables = [
  ["parent", "monitors"],
  ["channel", "channels"],
  ["escalation", "escalations"],
] as const

interface Reference {
  readonly index: number
  readonly what: "parent" | "channel" | "escalation"
  readonly id: MonitorId | ChannelId | EscalationId
}

const newReferences = (
  index: number,
  before: MonitorSettings | null,
  { alerts, parents }: MonitorSettings,
): ReadonlyArray<Reference> => {
  const known = new Set<string>([
    ...(before?.parents ?? []),
    ...(before?.alerts.channels ?? []),
    ...(before === null || before.alerts.escalationId === null ? [] : [before.alerts.escalationId]),
  ])
  const all: ReadonlyArray<Reference> = [
    ...parents.map((id): Reference => ({ index, what: "parent", id })),
    ...(alerts.channels ?? []).map((id): Reference => ({ index, what: "channel", id })),
    ...(alerts.escalationId === null ? [] : [{ index, what: "escalation", id: alerts.escalationId } as const]),
  ]
  return all.filter(({ id }) => !known.has(id.toLowerCase()))
}

/**
 * Fails if monitors whose parents have changed lie behind themselves. In the transaction that has changed them, and has locked
 * the account, so that nobody else closes a circle meanwhile.
 *
 * @param changed the monitors, with their place in what was given
 */
export const assertNoCycle = Effect.fnUntraced(function* (
  sql: SqlClient,
  changed: ReadonlyArray<{ readonly id: MonitorId; readonly index: number }>,
) {
  if (changed.length === 0) return
  const rows = yield* sql<{
    readonly id: MonitorId
    readonly name: string
    readonly parents: ReadonlyArray<MonitorId>
  }>`
      WITH RECURSIVE above (id) AS (
        SELECT unnest(${changed.map(({ id }) => id)}::uuid[])
        UNION
        SELECT parent FROM above JOIN monitors USING (id), unnest(parents) AS parent
      )
      SELECT id, name, parents FROM monitors JOIN above USING (id)`
  const monitors = new Map(rows.map((row) => [row.id, row]))
  const cycle = findParentCycle(new Map(rows.map(({ id, parents }) => [id, parents])))
  if (cycle === null) return
  const index = changed.find(({ id }) => cycle.includes(id))?.index ?? 0
  return yield* new ParentCycle({ index, monitors: cycle.map((id) => ({ id, name: monitors.get(id)?.name ?? "" })) })
})
