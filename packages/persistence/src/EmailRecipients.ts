import { createHash, randomBytes } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import type { UserId } from "@uptime/domain/Ids"
import type { Recipient, RecipientState } from "@uptime/domain/Recipient"
import { Context, Effect, Layer } from "effect"
import { deleteInBatches } from "./DeleteInBatches.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** How long somebody may take to confirm, in days from the newest email that asks. */
export const confirmRecipientWithinDays = 7

/** How long an account may not ask somebody again who wants no emails of it, in days. */
export const refusedDays = 30

/** How many of the newest emails to one address carry links that work. */
const keptTokens = 5

/** What an email that asks needs. */
export interface RecipientQuestion {
  /** What its links carry. It is known here by its hash alone. */
  readonly token: string
  /** The address of the account that asks. */
  readonly askedBy: string
}

/** Who is asked by a link. */
export interface AskedRecipient {
  readonly address: string
  readonly askedBy: string
  readonly state: RecipientState
}

/**
 * Who may be sent emails by an account's channels through the installation's own mail server: the account itself, and whoever
 * confirmed. Addresses are compared without regard to case.
 */
export class EmailRecipients extends Context.Tag("@uptime/persistence/EmailRecipients")<
  EmailRecipients,
  {
    /** What is known of addresses, in their order. */
    readonly states: (
      userId: UserId,
      addresses: ReadonlyArray<string>,
    ) => Effect.Effect<ReadonlyArray<Recipient>, StoreError>
    /** Notes that somebody is asked, from now on for seven days; null for who confirmed, who refused, and the account itself. */
    readonly ask: (userId: UserId, address: string) => Effect.Effect<RecipientQuestion | null, StoreError>
    /** Who was asked by a link; null for a link that is none, or that is too old. */
    readonly find: (token: string) => Effect.Effect<AskedRecipient | null, StoreError>
    /** Confirms; whether the link is one that still can. */
    readonly confirm: (token: string) => Effect.Effect<boolean, StoreError>
    /**
     * Ends it, before or after it was confirmed: the account's channels that name others too no longer name the address, and
     * for 30 days the account cannot ask again. Whether the link is known.
     */
    readonly refuse: (token: string) => Effect.Effect<boolean, StoreError>
    /** Forgets who did not confirm within seven days, and refusals of 30 days ago; how many. */
    readonly forgetOld: Effect.Effect<number, StoreError>
  }
>() {
  /** The recipients of a database. */
  static readonly layer: Layer.Layer<EmailRecipients, never, SqlClient> = Layer.effect(
    EmailRecipients,
    Effect.map(SqlClient, (sql) => {
      const days = (n: number) => sql`${n}::int * interval '1 day'`
      const isRefused = sql`(refused_at IS NOT NULL AND refused_at > now() - ${days(refusedDays)})`
      const isAsked = sql`(refused_at IS NULL AND asked_at > now() - ${days(confirmRecipientWithinDays)})`
      const state = sql`CASE WHEN confirmed_at IS NOT NULL THEN 'confirmed' WHEN ${isRefused} THEN 'refused'
        WHEN ${isAsked} THEN 'awaiting' ELSE 'unconfirmed' END`
      return EmailRecipients.of({
        states: Effect.fn("EmailRecipients.states")(
          (userId, addresses) =>
            addresses.length === 0
              ? Effect.succeed([])
              : sql<Recipient>`
                SELECT given.address, CASE WHEN lower(given.address) = lower(email) THEN 'own' ELSE ${state} END AS state
                FROM users CROSS JOIN unnest(${addresses}::text[]) WITH ORDINALITY AS given (address, ord)
                LEFT JOIN email_recipients AS known
                  ON known.user_id = users.id AND known.address = lower(given.address)
                WHERE users.id = ${userId} ORDER BY ord`,
          failAs("EmailRecipients.states"),
        ),

        ask: Effect.fn("EmailRecipients.ask")(function* (userId, address) {
          const token = randomBytes(24).toString("base64url")
          const [row] = yield* sql<{ readonly askedBy: string }>`
            WITH asking AS (SELECT id, email FROM users WHERE id = ${userId} AND lower(email) <> lower(${address}::text)),
            asked AS (
              INSERT INTO email_recipients AS known (user_id, address, token_hashes, asked_at)
              SELECT id, lower(${address}::text), ARRAY[${hashOf(token)}::text], now() FROM asking
              ON CONFLICT (user_id, address) DO UPDATE SET asked_at = now(), refused_at = NULL,
                token_hashes = (excluded.token_hashes || known.token_hashes)[1:${keptTokens}::int]
              WHERE known.confirmed_at IS NULL
                AND (known.refused_at IS NULL OR known.refused_at <= now() - ${days(refusedDays)})
              RETURNING user_id
            )
            SELECT email AS "askedBy" FROM asking JOIN asked ON user_id = id`
          return row === undefined ? null : { token, askedBy: row.askedBy }
        }, failAs("EmailRecipients.ask")),

        find: Effect.fn("EmailRecipients.find")(
          (token) =>
            Effect.map(
              sql<AskedRecipient>`
                SELECT address, email AS "askedBy", ${state} AS state
                FROM email_recipients JOIN users ON users.id = user_id
                WHERE token_hashes @> ARRAY[${hashOf(token)}::text]`,
              ([row]) => row ?? null,
            ),
          failAs("EmailRecipients.find"),
        ),

        confirm: Effect.fn("EmailRecipients.confirm")(
          (token) =>
            Effect.map(
              sql`
                UPDATE email_recipients SET confirmed_at = coalesce(confirmed_at, now())
                WHERE token_hashes @> ARRAY[${hashOf(token)}::text] AND (confirmed_at IS NOT NULL OR ${isAsked})
                RETURNING address`,
              (rows) => rows.length > 0,
            ),
          failAs("EmailRecipients.confirm"),
        ),

        refuse: Effect.fn("EmailRecipients.refuse")(
          function* (token) {
            const [row] = yield* sql<{ readonly userId: UserId; readonly address: string }>`
              UPDATE email_recipients SET refused_at = coalesce(refused_at, now()), confirmed_at = NULL
              WHERE token_hashes @> ARRAY[${hashOf(token)}::text]
              RETURNING user_id AS "userId", address`
            if (row === undefined) return false
            yield* sql`
              UPDATE channels SET config = jsonb_set(config, '{to}', others), updated_at = date_trunc('milliseconds', now())
              FROM (
                SELECT id AS channel_id, (
                  SELECT jsonb_agg(given ORDER BY ord)
                  FROM jsonb_array_elements_text(config->'to') WITH ORDINALITY AS named (given, ord)
                  WHERE lower(given) <> ${row.address}
                ) AS others
                FROM channels
                WHERE user_id = ${row.userId} AND kind = 'email' AND config->'server' IS NULL AND deleted_at IS NULL
              ) AS kept
              WHERE channel_id = id AND others IS NOT NULL AND others <> config->'to'`
            return true
          },
          transaction(sql, "EmailRecipients.refuse"),
        ),

        forgetOld: deleteInBatches(
          sql,
          "email_recipients",
          sql`confirmed_at IS NULL AND NOT ${isRefused} AND NOT ${isAsked}`,
        ).pipe(Effect.withTracerEnabled(false)),
      })
    }),
  )
}

const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex")
