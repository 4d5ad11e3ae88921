import type { EmailTaken } from "@uptime/domain/Errors"
import type { UserId } from "@uptime/domain/Ids"
import type { Email, User } from "@uptime/domain/User"
import { Context, type Effect, type Option } from "effect"
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
>() {}
