import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import type { Escalation } from "@uptime/domain/Escalation"
import { type ChannelId, EscalationId, type UserId } from "@uptime/domain/Ids"
import { Context, Data, DateTime, Effect, Layer } from "effect"
import { ChannelNotFound } from "./Channel.ts"
import { askJudge } from "./JudgeRequests.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** There is no such policy among those of the person who asks; a foreign one answers exactly so. */
export class EscalationNotFound extends Data.TaggedError("EscalationNotFound")<{ readonly id: EscalationId }> {}

/** The account has as many escalation policies as one account may have. */
export class TooManyEscalations extends Data.TaggedError("TooManyEscalations")<{ readonly limit: number }> {}

/** The most escalation policies of one account. */
export const maxEscalationsPerUser = 100

/** What may be set on an escalation policy. */
export type EscalationSettings = Pick<Escalation, "name" | "steps">

/** Where a list of policies goes on: after this one, newest first. Milliseconds since the epoch. */
export interface EscalationCursor {
  readonly createdAt: number
  readonly id: EscalationId
}

/** The escalation policies. Every method takes the owner and sees nothing else, of channels neither. */
export class Escalations extends Context.Tag("@uptime/persistence/Escalations")<
  Escalations,
  {
    /** Stores a policy, whose channels must be the owner's. */
    readonly create: (
      userId: UserId,
      settings: EscalationSettings,
    ) => Effect.Effect<Escalation, TooManyEscalations | ChannelNotFound | StoreError>
    /** The owner's policies, newest first; at most `limit`. */
    readonly list: (
      userId: UserId,
      limit: number,
      after: EscalationCursor | null,
    ) => Effect.Effect<ReadonlyArray<Escalation>, StoreError>
    /** One policy. */
    readonly get: (userId: UserId, id: EscalationId) => Effect.Effect<Escalation, EscalationNotFound | StoreError>
    /** Changes what is named; open incidents go on by the new steps. */
    readonly update: (
      userId: UserId,
      id: EscalationId,
      changes: { readonly [K in keyof EscalationSettings]?: EscalationSettings[K] | undefined },
    ) => Effect.Effect<Escalation, EscalationNotFound | ChannelNotFound | StoreError>
    /** Deletes a policy; monitors that name it escalate no more. */
    readonly remove: (userId: UserId, id: EscalationId) => Effect.Effect<void, EscalationNotFound | StoreError>
  }
>() {
  /** The escalation policies of a database. */
  static readonly layer: Layer.Layer<Escalations, never, SqlClient> = Layer.effect(
    Escalations,
    Effect.map(SqlClient, (sql) => {
      /** Fails with the first channel that is not the owner's; the others stay until the end of the transaction. */
      const assertChannels = Effect.fnUntraced(function* (userId: UserId, steps: Escalation["steps"]) {
        const wanted = [...new Set(steps.flatMap(({ channels }) => channels))]
        const rows = yield* sql<{ readonly id: ChannelId }>`
          SELECT id FROM channels WHERE user_id = ${userId} AND id = ANY(${wanted}::uuid[]) AND deleted_at IS NULL
          ORDER BY id FOR KEY SHARE`
        const found = new Set<string>(rows.map(({ id }) => id))
        const missing = wanted.find((id) => !found.has(id.toLowerCase()))
        if (missing !== undefined) return yield* new ChannelNotFound({ id: missing })
      })
      return Escalations.of({
        create: Effect.fn("Escalations.create")(
          function* (userId, { name, steps }) {
            // Creations of one account take turns here, so that the count holds until the end of the transaction.
            yield* sql`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`
            const [count] = yield* sql<{ readonly n: number }>`
              SELECT count(*)::int AS n FROM escalations WHERE user_id = ${userId}`
            if ((count?.n ?? 0) >= maxEscalationsPerUser) {
              return yield* new TooManyEscalations({ limit: maxEscalationsPerUser })
            }
            yield* assertChannels(userId, steps)
            const [row] = yield* sql<EscalationRow>`
              INSERT INTO escalations (id, user_id, name, steps, created_at, updated_at)
              SELECT ${EscalationId.make(randomUUID())}, ${userId}, ${name}, ${JSON.stringify(steps)}::jsonb, now, now
              FROM date_trunc('milliseconds', now()) AS now
              RETURNING *`
            return row === undefined ? yield* Effect.dieMessage("no policy was written") : escalationOf(row)
          },
          transaction(sql, "Escalations.create"),
        ),

        list: Effect.fn("Escalations.list")(function* (userId, limit, after) {
          const place =
            after === null
              ? sql`true`
              : sql`(created_at, id) < (to_timestamp(${after.createdAt}::float8 / 1000), ${after.id}::uuid)`
          const rows = yield* sql<EscalationRow>`
            SELECT * FROM escalations WHERE user_id = ${userId} AND ${place}
            ORDER BY created_at DESC, id DESC LIMIT ${limit}`
          return rows.map(escalationOf)
        }, failAs("Escalations.list")),

        get: Effect.fn("Escalations.get")(function* (userId, id) {
          const [row] = yield* sql<EscalationRow>`
            SELECT * FROM escalations WHERE id = ${id} AND user_id = ${userId}`
          return row === undefined ? yield* new EscalationNotFound({ id }) : escalationOf(row)
        }, failAs("Escalations.get")),

        update: Effect.fn("Escalations.update")(
          function* (userId, id, { name, steps }) {
            // A channel is deleted before it is named here, or after.
            yield* sql`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`
            const [row] = yield* sql<EscalationRow>`
              UPDATE escalations SET name = coalesce(${name ?? null}::text, name),
                steps = coalesce(${steps === undefined ? null : JSON.stringify(steps)}::jsonb, steps),
                updated_at = date_trunc('milliseconds', now())
              WHERE id = ${id} AND user_id = ${userId}
              RETURNING *`
            if (row === undefined) return yield* new EscalationNotFound({ id })
            if (steps !== undefined) {
              yield* assertChannels(userId, steps)
              yield* askJudge(sql, userId)
            }
            return escalationOf(row)
          },
          transaction(sql, "Escalations.update"),
        ),

        remove: Effect.fn("Escalations.remove")(function* (userId, id) {
          const rows = yield* sql`DELETE FROM escalations WHERE id = ${id} AND user_id = ${userId} RETURNING id`
          if (rows.length === 0) yield* new EscalationNotFound({ id })
        }, failAs("Escalations.remove")),
      })
    }),
  )
}

interface EscalationRow extends EscalationSettings {
  readonly id: EscalationId
  readonly created_at: Date
  readonly updated_at: Date
}

const escalationOf = (row: EscalationRow): Escalation => ({
  id: row.id,
  name: row.name,
  steps: row.steps,
  createdAt: DateTime.unsafeFromDate(row.created_at),
  updatedAt: DateTime.unsafeFromDate(row.updated_at),
})
