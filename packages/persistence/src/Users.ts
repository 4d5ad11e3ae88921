import { SqlClient } from "@effect/sql/SqlClient"
import { EmailTaken } from "@uptime/domain/Errors"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Email, User } from "@uptime/domain/User"
import { traced } from "@uptime/runtime/Traced"
import { Context, DateTime, Effect, Layer, Option } from "effect"
import { LeanReads } from "./LeanReads.ts"
import { deleteMonitors, lockMonitorsToDelete } from "./MonitorWrites.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** A user with what only the log-in needs. */
export interface UserCredentials {
  readonly user: User
  readonly passwordHash: string
  /** Every token carries the version it was made with; raising it ends all of them. */
  readonly tokenVersion: number
}

/** The accounts. */
export class Users extends Context.Tag("@uptime/persistence/Users")<
  Users,
  {
    /** Stores a new account; fails with `EmailTaken` when the address, in any case, is in use. */
    readonly create: (input: {
      readonly email: Email
      readonly name: string
      readonly passwordHash: string
    }) => Effect.Effect<UserCredentials, EmailTaken | StoreError>
    /** The account of an address, if there is one. */
    readonly findByEmail: (email: Email) => Effect.Effect<Option.Option<UserCredentials>, StoreError>
    /**
     * The user of a token, in one round trip: none when the user is gone, the version is not the current one, or the
     * token's `jti` was revoked.
     */
    readonly findByToken: (token: {
      readonly userId: UserId
      readonly tokenVersion: number
      readonly jti: string
    }) => Effect.Effect<Option.Option<User>, StoreError>
    /**
     * Ends one token for good, on every api process. Revocations are forgotten after `expiresAt` (milliseconds since the
     * epoch), when the token is worthless anyway.
     */
    readonly revokeToken: (jti: string, expiresAt: number) => Effect.Effect<void, StoreError>
    /** Ends all tokens that an account has. */
    readonly endTokens: (userId: UserId) => Effect.Effect<void, StoreError>
    /** Replaces a password's hash (a stronger cost at log-in), leaving tokens valid. */
    readonly rehash: (userId: UserId, passwordHash: string) => Effect.Effect<void, StoreError>
    /** Gives an account another name; none when the account is gone. */
    readonly rename: (userId: UserId, name: string) => Effect.Effect<Option.Option<User>, StoreError>
    /** The credentials of an account, if there is one. */
    readonly findById: (userId: UserId) => Effect.Effect<Option.Option<UserCredentials>, StoreError>
    /** Gives an account another password and ends all its tokens; none when the account is gone. */
    readonly changePassword: (
      userId: UserId,
      passwordHash: string,
    ) => Effect.Effect<Option.Option<UserCredentials>, StoreError>
    /**
     * Deletes an account with all that it has. What is left of its monitors' history is gone from every answer at once, and
     * from the tables soon after (`Housekeeping.purgeDeleted`).
     */
    readonly remove: (userId: UserId) => Effect.Effect<void, StoreError>
    /** Forgets revocations of tokens that have expired; how many. */
    readonly forgetExpiredRevocations: Effect.Effect<number, StoreError>
  }
>() {
  /** The accounts in a database. */
  static readonly layer: Layer.Layer<Users, never, SqlClient | LeanReads> = Layer.effect(
    Users,
    Effect.map(Effect.all([SqlClient, LeanReads]), ([sql, reads]) =>
      Users.of({
        create: Effect.fn("Users.create")(function* ({ email, name, passwordHash }) {
          const rows = yield* sql<UserRow>`
            INSERT INTO users (id, email, name, password_hash, created_at, updated_at)
            SELECT gen_random_uuid(), ${email}, ${name}, ${passwordHash}, now, now
            FROM date_trunc('milliseconds', now()) AS now
            ON CONFLICT (email) DO NOTHING
            RETURNING *`
          const [row] = rows
          return row === undefined ? yield* EmailTaken.create() : credentialsOf(row)
        }, failAs("Users.create")),

        findByEmail: Effect.fn("Users.findByEmail")(function* (email) {
          const [row] = yield* sql<UserRow>`SELECT * FROM users WHERE email = ${email}`
          return Option.map(Option.fromNullable(row), credentialsOf)
        }, failAs("Users.findByEmail")),

        findByToken: traced("Users.findByToken", ({ jti, tokenVersion, userId }) =>
          reads.rows<NamedRow>(byToken, [userId, tokenVersion, jti]).pipe(
            Effect.map(([row]) => Option.map(Option.fromNullable(row), userOf)),
            failAs("Users.findByToken"),
          ),
        ),

        revokeToken: Effect.fn("Users.revokeToken")(function* (jti, expiresAt) {
          yield* sql`
            INSERT INTO revoked_tokens (jti, expires_at) VALUES (${jti}, to_timestamp(${expiresAt}::float8 / 1000))
            ON CONFLICT (jti) DO NOTHING`
        }, failAs("Users.revokeToken")),

        endTokens: Effect.fn("Users.endTokens")(function* (userId) {
          yield* sql`UPDATE users SET token_version = token_version + 1 WHERE id = ${userId}`
        }, failAs("Users.endTokens")),

        rehash: Effect.fn("Users.rehash")(function* (userId, passwordHash) {
          yield* sql`UPDATE users SET password_hash = ${passwordHash} WHERE id = ${userId}`
        }, failAs("Users.rehash")),

        rename: Effect.fn("Users.rename")(function* (userId, name) {
          const [row] = yield* sql<UserRow>`
            UPDATE users SET name = ${name}, updated_at = date_trunc('milliseconds', now()) WHERE id = ${userId}
            RETURNING *`
          return Option.map(Option.fromNullable(row), userOf)
        }, failAs("Users.rename")),

        findById: Effect.fn("Users.findById")(function* (userId) {
          const [row] = yield* sql<UserRow>`SELECT * FROM users WHERE id = ${userId}`
          return Option.map(Option.fromNullable(row), credentialsOf)
        }, failAs("Users.findById")),

        changePassword: Effect.fn("Users.changePassword")(function* (userId, passwordHash) {
          const [row] = yield* sql<UserRow>`
            UPDATE users SET password_hash = ${passwordHash}, token_version = token_version + 1,
              updated_at = date_trunc('milliseconds', now())
            WHERE id = ${userId} RETURNING *`
          return Option.map(Option.fromNullable(row), credentialsOf)
        }, failAs("Users.changePassword")),

        remove: Effect.fn("Users.remove")(function* (userId) {
          yield* Effect.gen(function* () {
            const own = yield* sql<{ readonly id: MonitorId }>`SELECT id FROM monitors WHERE user_id = ${userId}`
            const ids = yield* lockMonitorsToDelete(
              sql,
              userId,
              own.map(({ id }) => id),
            )
            if (ids.length > 0) yield* deleteMonitors(sql, userId, ids)
            yield* sql`DELETE FROM users WHERE id = ${userId}`
          }).pipe(transaction(sql, "Users.remove"))
        }),

        forgetExpiredRevocations: Effect.gen(function* () {
          const [row] = yield* sql<{ readonly n: number }>`
            WITH gone AS (DELETE FROM revoked_tokens WHERE expires_at < now() RETURNING 1)
            SELECT count(*)::int AS n FROM gone`
          return row?.n ?? 0
        }).pipe(failAs("Users.forgetExpiredRevocations"), Effect.withSpan("Users.forgetExpiredRevocations")),
      }),
    ),
  )
}

const byToken = `
SELECT id, email, name, created_at, updated_at FROM users
WHERE id = $1 AND token_version = $2 AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)`

/** Who somebody is. Every request with a session reads one: it is taken as it comes, as those of other tables are. */
interface NamedRow {
  readonly id: UserId
  readonly email: string
  readonly name: string
  readonly created_at: Date
  readonly updated_at: Date
}

/** A row of `users`. */
interface UserRow extends NamedRow {
  readonly password_hash: string
  readonly token_version: number
}

const userOf = (row: NamedRow): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  createdAt: DateTime.unsafeMake(row.created_at),
  updatedAt: DateTime.unsafeMake(row.updated_at),
})

const credentialsOf = (row: UserRow): UserCredentials => ({
  user: userOf(row),
  passwordHash: row.password_hash,
  tokenVersion: row.token_version,
})
