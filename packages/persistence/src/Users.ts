import { SqlClient } from "@effect/sql/SqlClient"
import { EmailTaken } from "@uptime/domain/Errors"
import { UserId } from "@uptime/domain/Ids"
import type { Email, User } from "@uptime/domain/User"
import { Context, Effect, Layer, Option, Schema } from "effect"
import { failAs } from "./SqlFailure.ts"
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
    /** Replaces a password's hash (a stronger cost at log-in), leaving tokens valid. */
    readonly rehash: (userId: UserId, passwordHash: string) => Effect.Effect<void, StoreError>
    /** Forgets revocations of tokens that have expired; how many. */
    readonly forgetExpiredRevocations: Effect.Effect<number, StoreError>
  }
>() {
  /** The accounts in a database. */
  static readonly layer: Layer.Layer<Users, never, SqlClient> = Layer.effect(
    Users,
    Effect.map(SqlClient, (sql) =>
      Users.of({
        create: Effect.fn("Users.create")(function* ({ email, name, passwordHash }) {
          const rows = yield* sql`
            INSERT INTO users (id, email, name, password_hash, created_at, updated_at)
            SELECT gen_random_uuid(), ${email}, ${name}, ${passwordHash}, now, now
            FROM date_trunc('milliseconds', now()) AS now
            ON CONFLICT (email) DO NOTHING
            RETURNING *`.pipe(Effect.flatMap(decodeRows))
          const [row] = rows
          return row === undefined ? yield* EmailTaken.create() : credentialsOf(row)
        }, failAs("Users.create")),

        findByEmail: Effect.fn("Users.findByEmail")(function* (email) {
          const [row] = yield* sql`SELECT * FROM users WHERE email = ${email}`.pipe(Effect.flatMap(decodeRows))
          return Option.map(Option.fromNullable(row), credentialsOf)
        }, failAs("Users.findByEmail")),

        findByToken: Effect.fn("Users.findByToken")(function* ({ jti, tokenVersion, userId }) {
          const [row] = yield* sql`
            SELECT * FROM users
            WHERE id = ${userId} AND token_version = ${tokenVersion}
              AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = ${jti})`.pipe(Effect.flatMap(decodeRows))
          return Option.map(Option.fromNullable(row), userOf)
        }, failAs("Users.findByToken")),

        revokeToken: Effect.fn("Users.revokeToken")(function* (jti, expiresAt) {
          yield* sql`
            INSERT INTO revoked_tokens (jti, expires_at) VALUES (${jti}, to_timestamp(${expiresAt}::float8 / 1000))
            ON CONFLICT (jti) DO NOTHING`
        }, failAs("Users.revokeToken")),

        rehash: Effect.fn("Users.rehash")(function* (userId, passwordHash) {
          yield* sql`UPDATE users SET password_hash = ${passwordHash} WHERE id = ${userId}`
        }, failAs("Users.rehash")),

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

const UserRow = Schema.Struct({
  id: UserId,
  email: Schema.String,
  name: Schema.String,
  password_hash: Schema.String,
  token_version: Schema.Int,
  created_at: Schema.DateTimeUtcFromDate,
  updated_at: Schema.DateTimeUtcFromDate,
})
const decodeRows = Schema.decodeUnknown(Schema.Array(UserRow))

const userOf = (row: typeof UserRow.Type): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const credentialsOf = (row: typeof UserRow.Type): UserCredentials => ({
  user: userOf(row),
  passwordHash: row.password_hash,
  tokenVersion: row.token_version,
})
