import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import type { AlertRules } from "@uptime/domain/AlertRules"
import { ChannelId, type IncidentId, type MonitorId, type UserId } from "@uptime/domain/Ids"
import { defaultAlertRules } from "@uptime/domain/MonitorDefaults"
import { Effect } from "effect"
import { Judgements } from "../src/Judgements.ts"

/** A webhook of an owner, told by default. */
export const makeChannel = (
  userId: UserId,
  {
    config = { kind: "webhook", url: "http://127.0.0.1:1/" },
    isDefault = true,
  }: {
    readonly config?: { readonly kind: string; readonly url?: string }
    readonly isDefault?: boolean
  } = {},
) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const id = ChannelId.make(randomUUID())
    yield* sql`
      INSERT INTO channels (id, user_id, kind, name, config, enabled, is_default, created_at, updated_at)
      VALUES (${id}, ${userId}, ${config.kind}, 'A channel', ${JSON.stringify(config)}::jsonb, true, ${isDefault}, now(), now())`
    return id
  })

/** What monitors tell of, their parents and their group. */
export const arrange = (
  ids: ReadonlyArray<MonitorId>,
  {
    group = null,
    parents = [],
    ...alerts
  }: Partial<AlertRules> & {
    readonly parents?: ReadonlyArray<MonitorId>
    readonly group?: string | null
  },
) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`
      UPDATE monitors SET alerts = ${JSON.stringify({ ...defaultAlertRules, ...alerts })}::jsonb,
        parents = ${parents}::uuid[], group_name = ${group}
      WHERE id = ANY(${ids}::uuid[])`,
  )

/** Judges until nothing waits; what it came to. */
export const judgeAll = Effect.gen(function* () {
  const { judgeNext } = yield* Judgements
  const total = { goes: 0, changes: 0, opened: 0, resolved: 0, told: 0 }
  for (let one = yield* judgeNext; one !== null; one = yield* judgeNext) {
    total.goes++
    total.changes += one.changes
    total.opened += one.opened
    total.resolved += one.resolved
    total.told += one.told
  }
  return total
})

/** Lets time pass for what the judge and the outbox wait for, by moving it all into the past. */
export const letTimePass = (userId: UserId, ms: number) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const by = sql`${ms}::int * interval '1 millisecond'`
    const own = sql`(SELECT id FROM incidents WHERE user_id = ${userId})`
    yield* sql`UPDATE incidents SET tell_at = tell_at - ${by}, look_at = look_at - ${by} WHERE user_id = ${userId}`
    yield* sql`UPDATE incident_monitors SET news_at = news_at - ${by} WHERE incident_id IN ${own}`
    yield* sql`
      UPDATE alert_outbox SET at = at - ${by}, due_at = due_at - ${by}, next_attempt_at = next_attempt_at - ${by},
        leased_until = leased_until - ${by}
      WHERE incident_id IN ${own}`
  })

/** The incidents of an owner, oldest first, with their monitors and what was told of them. */
export const incidentsOf = (userId: UserId) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    return yield* sql<{
      readonly id: IncidentId
      readonly title: string
      readonly severity: string
      readonly isOver: boolean
      readonly startedAt: number
      readonly endedAt: number | null
      readonly failing: number
      readonly unreachable: number
      readonly told: ReadonlyArray<string>
      readonly log: ReadonlyArray<string>
    }>`
      SELECT id, title, severity, resolved_at IS NOT NULL AS "isOver", round(date_part('epoch', started_at) * 1000) AS "startedAt",
        round(date_part('epoch', resolved_at) * 1000) AS "endedAt",
        (SELECT count(*)::int FROM incident_monitors WHERE incident_id = id AND role = 'failing') AS failing,
        (SELECT count(*)::int FROM incident_monitors WHERE incident_id = id AND role = 'unreachable') AS unreachable,
        ARRAY(SELECT change FROM alert_outbox WHERE incident_id = incidents.id ORDER BY id) AS told,
        ARRAY(SELECT kind || ': ' || body FROM incident_updates WHERE incident_id = incidents.id ORDER BY at, id) AS log
      FROM incidents WHERE user_id = ${userId} ORDER BY started_at, id`
  })
