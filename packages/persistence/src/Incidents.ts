import { SqlClient } from "@effect/sql/SqlClient"
import type { Statement } from "@effect/sql/Statement"
import type { IncidentId, MonitorId, UserId } from "@uptime/domain/Ids"
import type { Incident, IncidentDetail, IncidentSeverity } from "@uptime/domain/Incident"
import { Context, Data, Effect, Layer } from "effect"
import { tellNote } from "./IncidentNote.ts"
import { readIncident, readIncidents } from "./IncidentReads.ts"
import { type NewUpdate, writeUpdates } from "./IncidentUpdates.ts"
import { awaitOwnerLock } from "./OwnerLock.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** There is no such incident among those of the person who asks; a foreign one answers exactly so. */
export class IncidentNotFound extends Data.TaggedError("IncidentNotFound")<{ readonly id: IncidentId }> {}

/** The incident is over: it can be neither acknowledged nor resolved any more. */
export class IncidentIsOver extends Data.TaggedError("IncidentIsOver")<{ readonly id: IncidentId }> {}

/** Where a list of incidents goes on: after this one, the one that began last first. Milliseconds since the epoch. */
export interface IncidentCursor {
  readonly startedAt: number
  readonly id: IncidentId
}

/**
 * Which incidents a list shows; `text` is looked for in titles and in names and URLs of monitors, in any case; `from`
 * (inclusive) and `to` (exclusive) bound when they began, in milliseconds.
 */
export interface IncidentFilter {
  readonly open?: boolean | undefined
  readonly severity?: IncidentSeverity | undefined
  readonly monitorId?: MonitorId | undefined
  readonly text?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

type Answer<E = never> = Effect.Effect<IncidentDetail, IncidentNotFound | StoreError | E>

/**
 * The incidents, and what people do about them. Every method takes the owner and sees nothing else: a foreign id answers
 * exactly like an unknown one. What is done is an entry of the timeline under the name of whoever did it; what the judge has
 * to tell of it, it is woken for.
 */
export class Incidents extends Context.Tag("@uptime/persistence/Incidents")<
  Incidents,
  {
    /** The owner's incidents, the one that began last first; at most `limit`. */
    readonly list: (
      userId: UserId,
      filter: IncidentFilter,
      limit: number,
      after: IncidentCursor | null,
    ) => Effect.Effect<ReadonlyArray<Incident>, StoreError>
    /** One incident with all that is known of it. */
    readonly get: (userId: UserId, id: IncidentId) => Answer
    /** Gives it a title, which then stays, publishes it, or takes it back. */
    readonly edit: (
      userId: UserId,
      id: IncidentId,
      changes: { readonly title?: string | undefined; readonly isPublic?: boolean | undefined },
    ) => Answer
    /** Says that somebody is at it: reminders and escalation end. A second time changes nothing. */
    readonly acknowledge: (userId: UserId, id: IncidentId, author: string) => Answer<IncidentIsOver>
    /** Adds to the timeline. What is public is told to every channel that was told of the incident. */
    readonly comment: (userId: UserId, id: IncidentId, author: string, body: string, isPublic: boolean) => Answer
    /** Says that it is over. The judge ends its parts, and tells it; what fails again later is another incident. */
    readonly resolve: (userId: UserId, id: IncidentId, author: string, note: string | null) => Answer<IncidentIsOver>
    /** Writes down what was learnt, in place of what was written before. */
    readonly postmortem: (userId: UserId, id: IncidentId, author: string, body: string) => Answer
  }
>() {
  /** The incidents of a database. */
  static readonly layer: Layer.Layer<Incidents, never, SqlClient> = Layer.effect(
    Incidents,
    Effect.map(SqlClient, (sql) => {
      const get = (userId: UserId, id: IncidentId) =>
        Effect.flatMap(readIncident(sql, userId, id), (found) =>
          found === null ? Effect.fail(new IncidentNotFound({ id })) : Effect.succeed(found),
        )
      /** Locks an incident of the owner's; whether it is open, whether it was acknowledged, and the instant. */
      const lock = (userId: UserId, id: IncidentId) =>
        Effect.flatMap(
          sql<LockedIncident>`
            SELECT resolved_at IS NULL AS "isOpen", acknowledged_at IS NOT NULL AS "isAcknowledged", is_public AS "isPublic",
              floor(date_part('epoch', clock_timestamp()) * 1000) AS now
            FROM incidents WHERE id = ${id} AND user_id = ${userId} FOR NO KEY UPDATE`,
          ([row]) => (row === undefined ? Effect.fail(new IncidentNotFound({ id })) : Effect.succeed(row)),
        )
      const whileOpen = (userId: UserId, id: IncidentId) =>
        Effect.filterOrFail(
          lock(userId, id),
          ({ isOpen }) => isOpen,
          () => new IncidentIsOver({ id }),
        )
      const log = (now: number, incidentId: IncidentId, update: Omit<NewUpdate, "incidentId">) =>
        writeUpdates(sql, now, [{ ...update, incidentId }])
      const set = (id: IncidentId, now: number, assignments: Statement<unknown>) => sql`
        UPDATE incidents SET ${assignments}, updated_at = ${at(now)} WHERE id = ${id}`
      const at = (now: number) => sql`to_timestamp(${now}::float8 / 1000)`

      return Incidents.of({
        list: Effect.fn("Incidents.list")(
          (userId, filter, limit, after) => readIncidents(sql, userId, filter, limit, after),
          failAs("Incidents.list"),
        ),

        get: Effect.fn("Incidents.get")(get, failAs("Incidents.get")),

        edit: Effect.fn("Incidents.edit")(
          function* (userId, id, { isPublic, title }) {
            const { now } = yield* lock(userId, id)
            yield* set(
              id,
              now,
              sql`title = coalesce(${title ?? null}::text, title), titled_by_hand = titled_by_hand OR ${title !== undefined},
                is_public = coalesce(${isPublic ?? null}::boolean, is_public)`,
            )
            return yield* get(userId, id)
          },
          transaction(sql, "Incidents.edit"),
        ),

        acknowledge: Effect.fn("Incidents.acknowledge")(
          function* (userId, id, author) {
            const { isAcknowledged, now } = yield* whileOpen(userId, id)
            if (!isAcknowledged) {
              yield* set(id, now, sql`acknowledged_at = ${at(now)}, acknowledged_by = ${author}, look_at = ${at(now)}`)
              yield* log(now, id, { kind: "acknowledged", author, body: "acknowledged" })
            }
            return yield* get(userId, id)
          },
          transaction(sql, "Incidents.acknowledge"),
        ),

        comment: Effect.fn("Incidents.comment")(
          function* (userId, id, author, body, isPublic) {
            const { now } = yield* lock(userId, id)
            const [updateId] = yield* log(now, id, { kind: isPublic ? "update" : "comment", author, body, isPublic })
            if (isPublic && updateId !== undefined) yield* tellNote(sql, id, updateId, now)
            yield* set(id, now, sql`id = id`)
            return yield* get(userId, id)
          },
          transaction(sql, "Incidents.comment"),
        ),

        resolve: Effect.fn("Incidents.resolve")(
          function* (userId, id, author, note) {
            // A judgement that has read it as open may be about to let another monitor join it, which would be lost in it.
            yield* awaitOwnerLock(sql, userId)
            const { now } = yield* whileOpen(userId, id)
            yield* set(
              id,
              now,
              sql`resolved_at = ${at(now)}, resolved_by = ${author}, resolution = ${note}, look_at = ${at(now)}`,
            )
            yield* log(now, id, { kind: "resolved", author, body: note ?? "resolved by hand" })
            return yield* get(userId, id)
          },
          transaction(sql, "Incidents.resolve"),
        ),

        postmortem: Effect.fn("Incidents.postmortem")(
          function* (userId, id, author, body) {
            const { isPublic, now } = yield* lock(userId, id)
            yield* set(id, now, sql`postmortem = ${body}`)
            yield* log(now, id, { kind: "postmortem", author, body, isPublic })
            return yield* get(userId, id)
          },
          transaction(sql, "Incidents.postmortem"),
        ),
      })
    }),
  )
}

interface LockedIncident {
  readonly isOpen: boolean
  readonly isAcknowledged: boolean
  readonly isPublic: boolean
  readonly now: number
}
