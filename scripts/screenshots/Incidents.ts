import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { Effect } from "effect"
import { plainArray, textArray } from "../../packages/persistence/src/PgArray.ts"
import { type Seen, seenBy } from "../../packages/persistence/src/Seen.ts"
import type { Outage } from "./Catalogue.ts"
import type { Made } from "./History.ts"
import { minuteMs, regionsOf, resultAt } from "./Results.ts"

/** What was written about an outage that is over. */
interface Note {
  readonly kind: "acknowledged" | "comment" | "update"
  /** Minutes after it began. */
  readonly after: number
  readonly body: string
}

/** What was told of outages of the past, by the monitor that failed first. */
const notes: Readonly<Record<string, ReadonlyArray<Note>>> = {
  Shop: [
    { kind: "acknowledged", after: 3, body: "acknowledged" },
    { kind: "comment", after: 6, body: "The new build of the front page runs out of memory. Rolling back." },
    {
      kind: "update",
      after: 11,
      body: "The shop is slow to open. We have found the cause and are taking the last change back.",
    },
  ],
  "Orders database": [{ kind: "acknowledged", after: 2, body: "acknowledged" }],
}

const seenIn = (one: Made, { began, regions }: Outage, now: number): Seen => {
  const [first] = regionsOf(one.behaviour)
  const region = regionsOf(one.behaviour).find((name) => regions?.includes(name) !== false) ?? first
  if (region === undefined) throw new Error(`${one.monitor.name} is checked from nowhere`)
  return seenBy(resultAt(one.id, one.monitor.name, one.behaviour, region, now - began * minuteMs, now))
}

/**
 * Writes incidents of the past, which the judge no longer makes: of each outage of a monitor as a whole that is over; those
 * of a group that began within five minutes of each other are one.
 *
 * @param author who acknowledged and wrote
 * @param channelId whom they were told by
 * @param now milliseconds since the epoch
 */
export const writePastIncidents = Effect.fnUntraced(function* (
  made: ReadonlyArray<Made>,
  author: string,
  channelId: string,
  now: number,
) {
  const sql = yield* SqlClient
  const all = made.flatMap((one) =>
    one.behaviour.outages
      .filter(({ lasted, regions }) => lasted !== null && regions === undefined)
      .map((outage) => ({ one, outage, lasted: outage.lasted ?? 0 })),
  )
  const groups: Array<typeof all> = []
  for (const part of all.toSorted((a, b) => b.outage.began - a.outage.began)) {
    const last = groups.at(-1)
    if (last?.[0] !== undefined && last[0].outage.began - part.outage.began <= 5) last.push(part)
    else groups.push([part])
  }
  for (const parts of groups) {
    const [first] = parts
    if (first === undefined) continue
    const at = (minutes: number) => sql`to_timestamp(${now - minutes * minuteMs}::float8 / 1000)`
    const { began } = first.outage
    const ended = Math.min(...parts.map(({ lasted, outage }) => outage.began - lasted))
    const name = first.one.monitor.name
    const title = parts.length === 1 ? `${name} was down` : `${parts.length} monitors were down`
    const told = notes[name]?.length !== undefined && began < 30 * 1_440 ? (notes[name] ?? []) : []
    const acknowledged = told.find(({ kind }) => kind === "acknowledged")
    const id = randomUUID()
    yield* sql`
        INSERT INTO incidents (id, user_id, key, title, severity, started_at, noticed_at, tell_at, acknowledged_at,
          acknowledged_by, resolved_at, is_public, updated_at)
        SELECT ${id}, user_id, ${id}, ${title}, 'Down', ${at(began)}, ${at(began - 1)}, ${at(began - 1)},
          ${acknowledged === undefined ? null : at(began - acknowledged.after)}, ${acknowledged === undefined ? null : author},
          ${at(ended)}, ${told.some(({ kind }) => kind === "update")}, ${at(ended)}
        FROM monitors WHERE monitors.id = ${first.one.id}`
    yield* sql`
        INSERT INTO incident_monitors (incident_id, monitor_id, name, url, role, severity, started_at, ended_at, news_at, evidence)
        SELECT ${id}, monitors.id, name, url, 'failing', 'Down', to_timestamp(began / 1000), to_timestamp(ended / 1000),
          to_timestamp(began / 1000), evidence
        FROM unnest(${plainArray(parts, ({ one }) => one.id)}::uuid[],
          ${plainArray(parts, ({ outage }) => now - outage.began * minuteMs)}::float8[],
          ${plainArray(parts, ({ lasted, outage }) => now - (outage.began - lasted) * minuteMs)}::float8[],
          ${textArray(parts, ({ one, outage }) => JSON.stringify(seenIn(one, outage, now)))}::jsonb[])
          AS part (monitor_id, began, ended, evidence) JOIN monitors ON monitors.id = part.monitor_id`
    const opening = parts.length === 1 ? `: ${first.outage.message} (USA)` : ""
    const updates = [
      {
        kind: "opened",
        minutes: began - 1,
        body: `${title.replace(" was ", " is ").replace(" were ", " are ")}${opening}`,
      },
      ...told.map(({ after, body, kind }) => ({ kind, minutes: began - after, body })),
      { kind: "resolved", minutes: ended, body: "well again" },
    ]
    for (const { body, kind, minutes } of updates) {
      const isOwn = kind !== "opened" && kind !== "resolved"
      yield* sql`
          INSERT INTO incident_updates (id, incident_id, at, kind, author, body, is_public)
          VALUES (${randomUUID()}, ${id}, ${at(minutes)}, ${kind}, ${isOwn ? author : null}, ${body}, ${kind === "update"})`
    }
    for (const [change, minutes] of [
      ["opened", began - 1],
      ["resolved", ended],
    ] as const) {
      yield* sql`
          INSERT INTO alert_outbox (incident_id, change, channel_id, at, due_at, state, attempts, next_attempt_at, sent_at, created_at)
          VALUES (${id}, ${change}, ${channelId}, ${at(minutes)}, ${at(minutes)}, 'sent', 1, ${at(minutes)},
            ${at(minutes)} + interval '2 seconds', ${at(minutes)})`
    }
  }
})

/**
 * Moves what happened to the incident that is open to when it would have, had its first result been stored in time: the
 * entries of its timeline, oldest first, and its messages, to so many minutes before now.
 */
export const moveTimeline = Effect.fnUntraced(function* (incidentId: string, minutes: ReadonlyArray<number>) {
  const sql = yield* SqlClient
  const ago = plainArray(minutes, (one) => one)
  yield* sql`
      UPDATE incident_updates SET at = date_trunc('milliseconds', now()) - ago * interval '1 minute'
      FROM (SELECT id AS update_id, row_number() OVER (ORDER BY at, id) AS n FROM incident_updates WHERE incident_id = ${incidentId}) AS known
      JOIN unnest(${ago}::float8[]) WITH ORDINALITY AS given (ago, m) ON n = m WHERE id = update_id`
  yield* sql`
      UPDATE incidents SET noticed_at = opened, tell_at = opened, acknowledged_at = acknowledged
      FROM (
        SELECT min(at) FILTER (WHERE kind = 'opened') AS opened, min(at) FILTER (WHERE kind = 'acknowledged') AS acknowledged
        FROM incident_updates WHERE incident_id = ${incidentId}
      ) AS times WHERE id = ${incidentId}`
  yield* sql`
      UPDATE alert_outbox SET at = times.at, due_at = times.at, sent_at = times.at + interval '2 seconds'
      FROM (
        SELECT kind, min(at) AS at FROM incident_updates WHERE incident_id = ${incidentId} GROUP BY kind
      ) AS times WHERE incident_id = ${incidentId} AND change LIKE CASE kind WHEN 'update' THEN 'note' ELSE kind END || '%'`
})
