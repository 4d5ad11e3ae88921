import { Schema } from "effect"
import { UserId } from "./Ids.ts"

/**
 * An email address, lower-cased: addresses that differ in case are one account. The check is deliberately coarse (one
 * `@`, no spaces, at most 254 characters by RFC 5321): only a message that arrives proves an address.
 */
export const Email = Schema.Lowercase.pipe(
  Schema.maxLength(254),
  Schema.pattern(/^[^\s@\p{Cc}\p{Cs}]{1,64}@[^\s@\p{Cc}\p{Cs}]+\.[^\s@.\p{Cc}\p{Cs}]+$/u, {
    message: () => "not an email address",
  }),
  Schema.brand("Email"),
).annotations({ identifier: "Email", jsonSchema: { type: "string", format: "email", maxLength: 254 } })
export type Email = typeof Email.Type

/** A user as the API shows it. */
export const User = Schema.Struct({
  id: UserId,
  email: Schema.String,
  name: Schema.String,
  createdAt: Schema.DateTimeUtc,
  updatedAt: Schema.DateTimeUtc,
}).annotations({ identifier: "User" })
export type User = typeof User.Type
