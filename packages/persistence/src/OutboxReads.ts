import type { SqlClient } from "@effect/sql/SqlClient"
import type { IncidentId, MonitorId } from "@uptime/domain/Ids"
import type { Incident, IncidentMonitor } from "@uptime/domain/Incident"
import { Effect } from "effect"
import type { LeasedMessage } from "./OutboxLease.ts"
import type { Seen } from "./Seen.ts"

/** The most monitors that are read of an incident for one message. */
export const maxMessageMonitors = 20

/** What one region says of a monitor. */
export interface MessageLocation {
  readonly location: string
  readonly status: string
  /** Why, where it is not well. */
  readonly error: string | null
}

/** A monitor's part in an incident, with what is known of the monitor now; of one that was deleted, what was known then. */
export interface MessageMonitor extends Pick<IncidentMonitor, "monitorId" | "name" | "url"> {
  readonly kind: string
  readonly tags: ReadonlyArray<string>
  readonly severity: Incident["severity"]
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly endedAt: number | null
  readonly seen: Seen | null
  readonly locations: ReadonlyArray<MessageLocation>
}

/** What a message is about, as it is when it is sent. Instants are milliseconds since the epoch. */
export interface OutboxMessage extends LeasedMessage {
  readonly incident: {
    readonly title: string
    readonly severity: Incident["severity"]
    readonly startedAt: number
    /** Who acknowledged it; null while nobody did. */
    readonly acknowledgedBy: string | null
    readonly resolvedAt: number | null
    /** Who resolved it by hand; null where it is over by itself, and while it is open. */
    readonly resolvedBy: string | null
    /** Why it is over where its monitors are not simply well again, or what whoever resolved it wrote; null for neither. */
    readonly resolution: string | null
    /** Those that fail, and once it is over those that failed, the first to fail first; at most 20. */
    readonly monitors: ReadonlyArray<MessageMonitor>
    /** All of these. */
    readonly monitorCount: number
  }
  /** The settings of the channel as they are stored; null where it is turned off, or was deleted. */
  readonly config: unknown
  /** Who may be sent emails through the installation's server, in lower case; empty for channels that send none. */
  readonly confirmedRecipients: ReadonlyArray<string>
  /** What a person wrote, where the message is that. */
  readonly note: string | null
}

/** Reads what leased messages are about. Those of an incident that is gone are left out: they went with it. */
export const readMessages = Effect.fnUntraced(function* (sql: SqlClient, leased: ReadonlyArray<LeasedMessage>) {
  if (leased.length === 0) return []
  const incidentIds = [...new Set(leased.map(({ incidentId }) => incidentId))]
  const incidents = yield* sql<IncidentRow>`
    SELECT id, title, severity, round(date_part('epoch', started_at) * 1000) AS "startedAt",
      acknowledged_by AS "acknowledgedBy", round(date_part('epoch', resolved_at) * 1000) AS "resolvedAt",
      resolved_by AS "resolvedBy", resolution
    FROM incidents WHERE id = ANY(${incidentIds}::uuid[])`
  const parts = yield* readParts(sql, incidentIds)
  const channelIds = [...new Set(leased.map(({ channelId }) => channelId))]
  const channels = yield* sql<ChannelRow>`
    SELECT channels.id, CASE WHEN enabled THEN config END AS config,
      CASE WHEN config->>'kind' = 'email' THEN lower(email) || ARRAY(
        SELECT address FROM email_recipients
        WHERE email_recipients.user_id = channels.user_id AND confirmed_at IS NOT NULL
          AND address IN (SELECT lower(jsonb_array_elements_text(config->'to')))
      ) ELSE '{}' END AS "confirmedRecipients"
    FROM channels JOIN users ON users.id = channels.user_id
    WHERE channels.id = ANY(${channelIds}::uuid[])`
  const noteIds = leased.flatMap(({ change }) => noteOf(change) ?? [])
  const notes = yield* sql<{ readonly id: string; readonly body: string }>`
    SELECT id, body FROM incident_updates WHERE id = ANY(${noteIds}::uuid[])`
  return leased.flatMap((message): ReadonlyArray<OutboxMessage> => {
    const incident = incidents.find(({ id }) => id === message.incidentId)
    const channel = channels.find(({ id }) => id === message.channelId)
    if (incident === undefined || channel === undefined) return []
    const monitors = parts.filter(({ incidentId }) => incidentId === incident.id)
    const noteId = noteOf(message.change)
    return [
      {
        ...message,
        incident: { ...incident, monitors, monitorCount: monitors[0]?.count ?? 0 },
        config: channel.config,
        confirmedRecipients: channel.confirmedRecipients,
        note: notes.find(({ id }) => id === noteId)?.body ?? null,
      },
    ]
  })
})

type ChannelRow = Pick<OutboxMessage, "config" | "confirmedRecipients"> & { readonly id: string }

interface IncidentRow extends Omit<OutboxMessage["incident"], "monitors" | "monitorCount"> {
  readonly id: IncidentId
}

/** The entry of the timeline that a change `note:<id>` stands for. */
const noteOf = (change: string): string | null => (change.startsWith("note:") ? change.slice("note:".length) : null)

interface PartRow extends Omit<MessageMonitor, "locations"> {
  readonly incidentId: IncidentId
  readonly count: number
}

/** The parts that messages name: those that fail, or where none does any more, those that did. */
const readParts = Effect.fnUntraced(function* (sql: SqlClient, incidentIds: ReadonlyArray<IncidentId>) {
  const parts = yield* sql<PartRow>`
    SELECT incident_id AS "incidentId", monitor_id AS "monitorId", part.name, part.url, coalesce(kind, 'http') AS kind,
      coalesce(tags, '{}') AS tags, severity, round(date_part('epoch', started_at) * 1000) AS "startedAt",
      round(date_part('epoch', ended_at) * 1000) AS "endedAt", evidence AS seen, count
    FROM (
      SELECT *, row_number() OVER (PARTITION BY incident_id ORDER BY started_at, monitor_id) AS nth,
        (count(*) OVER (PARTITION BY incident_id))::int AS count
      FROM (
        SELECT *, bool_or(ended_at IS NULL) OVER (PARTITION BY incident_id) AS is_open
        FROM incident_monitors WHERE incident_id = ANY(${incidentIds}::uuid[]) AND role = 'failing'
      ) AS failing
      WHERE ended_at IS NULL OR NOT is_open
    ) AS part LEFT JOIN monitors ON monitors.id = monitor_id
    WHERE nth <= ${maxMessageMonitors}
    ORDER BY nth`
  const ids = [...new Set(parts.map(({ monitorId }) => monitorId))]
  const rows = yield* sql<MessageLocation & { readonly monitorId: MonitorId }>`
    SELECT monitor_id AS "monitorId", location, status, CASE WHEN status <> 'Up' THEN error_message END AS error
    FROM monitor_status
    WHERE monitor_id = ANY(${ids}::uuid[]) AND location <> '*' AND since > '-infinity'
    ORDER BY monitor_id, location`
  return parts.map((part) => ({
    ...part,
    locations: rows
      .filter(({ monitorId }) => monitorId === part.monitorId)
      .map(({ error, location, status }): MessageLocation => ({ location, status, error })),
  }))
})
