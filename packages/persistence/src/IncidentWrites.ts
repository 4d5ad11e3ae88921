import type { SqlClient } from "@effect/sql/SqlClient"
import type { IncidentId, MonitorId, UserId } from "@uptime/domain/Ids"
import type { IncidentPart, World } from "@uptime/incidents/World"
import { Effect } from "effect"
import type { DecisionsByTag } from "./DecisionsByTag.ts"
import type { LoggedChange } from "./JudgedChanges.ts"
import { plainArray, textArray } from "./PgArray.ts"
import type { Seen } from "./Seen.ts"

/** How long an incident is left alone that is due and of which nothing was decided, so that nobody looks at it without end. */
const restMs = 1_000

/**
 * Writes what was decided of an owner's incidents and their parts. What a person did since they were read stays: a title, a
 * resolution; and `look_at` is moved only where it is what it was, so that the judge looks again at what it has not seen.
 *
 * @returns what was seen when a part began, as far as these changes say
 */
export const writeIncidents = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  world: World,
  changes: ReadonlyArray<LoggedChange>,
  decisions: DecisionsByTag,
) {
  const beginnings = beginningsOf(changes)
  yield* open(sql, userId, world.now, decisions, beginnings)
  yield* writeParts(
    sql,
    [
      ...decisions.Open.flatMap(({ incident, parts }) => parts.map((part) => ({ incidentId: incident.id, part }))),
      ...decisions.Part,
    ],
    beginnings,
  )
  const { Discard, Leave, Rename } = decisions
  if (Leave.length > 0) {
    yield* sql`
      DELETE FROM incident_monitors AS part
      USING unnest(${plainArray(Leave, ({ incidentId }) => incidentId)}::uuid[],
        ${plainArray(Leave, ({ monitorId }) => monitorId)}::uuid[]) AS gone (incident_id, monitor_id)
      WHERE part.incident_id = gone.incident_id AND part.monitor_id = gone.monitor_id`
  }
  if (Rename.length > 0) {
    yield* sql`
      UPDATE incidents SET severity = renamed.severity,
        title = CASE WHEN titled_by_hand THEN incidents.title ELSE renamed.title END
      FROM unnest(${plainArray(Rename, ({ incidentId }) => incidentId)}::uuid[],
        ${textArray(Rename, ({ severity }) => severity)}::text[], ${textArray(Rename, ({ title }) => title)}::text[])
        AS renamed (id, severity, title)
      WHERE incidents.id = renamed.id`
  }
  if (Discard.length > 0) {
    yield* sql`DELETE FROM incidents WHERE id = ANY(${Discard.map(({ incidentId }) => incidentId)}::uuid[])`
  }
  yield* moveOn(sql, world, decisions)
  return (part: IncidentPart) => beginnings(part)?.seen ?? null
})

/** The change that a part began with, as far as these changes say. */
const beginningsOf = (changes: ReadonlyArray<LoggedChange>) => {
  const bad = new Map<MonitorId, Array<LoggedChange>>()
  for (const change of changes) {
    if (change.to === "Up" || change.to === "Paused") continue
    const known = bad.get(change.monitorId)
    if (known === undefined) bad.set(change.monitorId, [change])
    else known.push(change)
  }
  return ({ monitorId, startedAt }: IncidentPart): LoggedChange | null => {
    const own = bad.get(monitorId) ?? []
    return own.find(({ at }) => at === startedAt) ?? own.at(-1) ?? null
  }
}

type BeginningOf = ReturnType<typeof beginningsOf>

const open = (sql: SqlClient, userId: UserId, now: number, { Open }: DecisionsByTag, beginningOf: BeginningOf) => {
  if (Open.length === 0) return Effect.void
  const rows = Open.map(({ incident, parts }) => ({
    ...incident,
    noticedAt: parts.reduce((first, part) => Math.min(first, beginningOf(part)?.noticedAt ?? now), now),
  }))
  return sql`
    INSERT INTO incidents (id, user_id, key, title, severity, started_at, noticed_at, tell_at, updated_at)
    SELECT id, ${userId}, key, title, severity, to_timestamp(started_at / 1000), to_timestamp(noticed_at / 1000),
      to_timestamp(tell_at / 1000), to_timestamp(${now}::float8 / 1000)
    FROM unnest(${plainArray(rows, ({ id }) => id)}::uuid[], ${textArray(rows, ({ key }) => key)}::text[],
      ${textArray(rows, ({ title }) => title)}::text[], ${textArray(rows, ({ severity }) => severity)}::text[],
      ${plainArray(rows, ({ startedAt }) => startedAt)}::float8[], ${plainArray(rows, ({ noticedAt }) => noticedAt)}::float8[],
      ${plainArray(rows, ({ tellAt }) => tellAt)}::float8[])
      AS incident (id, key, title, severity, started_at, noticed_at, tell_at)`
}

/** Writes parts as they are now, with the name and the URL that the monitor had when it joined. */
const writeParts = (
  sql: SqlClient,
  parts: ReadonlyArray<{ readonly incidentId: IncidentId; readonly part: IncidentPart }>,
  beginningOf: BeginningOf,
) => {
  if (parts.length === 0) return Effect.void
  const seen = (part: IncidentPart): Seen | null => beginningOf(part)?.seen ?? null
  return sql`
    INSERT INTO incident_monitors (incident_id, monitor_id, name, url, role, severity, started_at, ended_at, news_at, evidence)
    SELECT part.incident_id, part.monitor_id, coalesce(monitors.name, known.name), coalesce(monitors.url, known.url), part.role,
      part.severity, to_timestamp(part.started_at / 1000), to_timestamp(part.ended_at / 1000),
      to_timestamp(part.news_at / 1000), part.evidence
    FROM unnest(${plainArray(parts, ({ incidentId }) => incidentId)}::uuid[],
      ${plainArray(parts, ({ part }) => part.monitorId)}::uuid[], ${textArray(parts, ({ part }) => part.role)}::text[],
      ${textArray(parts, ({ part }) => part.severity)}::text[], ${plainArray(parts, ({ part }) => part.startedAt)}::float8[],
      ${plainArray(parts, ({ part }) => part.endedAt)}::float8[], ${plainArray(parts, ({ part }) => part.newsAt)}::float8[],
      ${textArray(parts, ({ part }) => jsonOf(seen(part)))}::jsonb[])
      AS part (incident_id, monitor_id, role, severity, started_at, ended_at, news_at, evidence)
      LEFT JOIN monitors ON monitors.id = part.monitor_id
      LEFT JOIN incident_monitors AS known
        ON known.incident_id = part.incident_id AND known.monitor_id = part.monitor_id
    WHERE monitors.id IS NOT NULL OR known.incident_id IS NOT NULL
    ON CONFLICT (incident_id, monitor_id) DO UPDATE
    SET role = excluded.role, severity = excluded.severity, started_at = excluded.started_at, ended_at = excluded.ended_at,
      news_at = excluded.news_at, evidence = coalesce(incident_monitors.evidence, excluded.evidence)`
}

const jsonOf = (seen: Seen | null): string | null => (seen === null ? null : JSON.stringify(seen))

/** Resolves what is over, and notes when to look at the rest again. */
const moveOn = Effect.fnUntraced(function* (sql: SqlClient, world: World, decisions: DecisionsByTag) {
  const before = new Map(world.incidents.map(({ id, lookAgainAt }) => [id, lookAgainAt]))
  const { Discard, LookAgain, Open, Part, Rename, Resolve, Tell } = decisions
  const decided = new Set([...Resolve, ...LookAgain, ...Discard].map(({ incidentId }) => incidentId))
  const resting = world.incidents.filter(
    ({ id, lookAgainAt }) => lookAgainAt !== null && lookAgainAt <= world.now && !decided.has(id),
  )
  const looks = [
    ...Resolve.map(({ incidentId }) => ({ id: incidentId, at: null })),
    ...LookAgain.map(({ at, incidentId }) => ({ id: incidentId, at })),
    ...resting.map(({ id }) => ({ id, at: world.now + restMs })),
  ]
  if (Resolve.length > 0) {
    yield* sql`
      UPDATE incidents SET resolved_at = coalesce(resolved_at, to_timestamp(resolved.at / 1000)),
        resolution = coalesce(resolution, note)
      FROM unnest(${plainArray(Resolve, ({ incidentId }) => incidentId)}::uuid[],
        ${plainArray(Resolve, ({ at }) => at)}::float8[], ${textArray(Resolve, ({ note }) => note)}::text[])
        AS resolved (id, at, note)
      WHERE incidents.id = resolved.id`
  }
  if (looks.length > 0) {
    yield* sql`
      UPDATE incidents SET look_at = to_timestamp(look.at / 1000)
      FROM unnest(${plainArray(looks, ({ id }) => id)}::uuid[], ${plainArray(looks, ({ at }) => at)}::float8[],
        ${plainArray(looks, ({ id }) => before.get(id) ?? null)}::float8[]) AS look (id, at, before)
      WHERE incidents.id = look.id AND look_at IS NOT DISTINCT FROM to_timestamp(look.before / 1000)`
  }
  const touched = new Set([
    ...[...Part, ...Rename, ...Resolve, ...Tell].map(({ incidentId }) => incidentId),
    ...Open.map(({ incident }) => incident.id),
  ])
  if (touched.size > 0) {
    yield* sql`
      UPDATE incidents SET updated_at = to_timestamp(${world.now}::float8 / 1000) WHERE id = ANY(${[...touched]}::uuid[])`
  }
})
