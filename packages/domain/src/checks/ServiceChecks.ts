import { Schema } from "effect"
import { lineOfText, linesOfText } from "../Text.ts"

/**
 * How TLS is used on a connection that begins in plain text: where it is offered (any certificate will do, but none that does
 * not verify gets a password as it is), always, or never.
 */
const TlsUse = Schema.Literal("prefer", "require", "never")

/**
 * What a check of a mail server may be told: without anything, its greeting and `EHLO` are enough.
 *
 * @param secret how secrets are written
 */
export const smtpOptions = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    /** `prefer` unless given; `smtps:` is TLS from the first byte. */
    tls: Schema.optionalWith(TlsUse, { exact: true }),
    ignoreTls: Schema.optionalWith(Schema.Boolean, { exact: true }),
    auth: Schema.optionalWith(Schema.Struct({ username: lineOfText(1, 200), password: secret }), { exact: true }),
  })

/**
 * What a check of a PostgreSQL or MySQL server may be told. Without a query it logs in and asks `SELECT 1`; without a user name
 * it does not log in, and nothing that needs it can be given.
 *
 * @param secret how secrets are written
 */
export const databaseOptions = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    username: Schema.optionalWith(lineOfText(1, 200), { exact: true }),
    password: Schema.optionalWith(secret, { exact: true }),
    database: Schema.optionalWith(lineOfText(1, 200), { exact: true }),
    /** `prefer` unless given. */
    tls: Schema.optionalWith(TlsUse, { exact: true }),
    ignoreTls: Schema.optionalWith(Schema.Boolean, { exact: true }),
    /** One statement; conditions see its first rows as JSON in `[BODY]`. It runs read-only. */
    query: Schema.optionalWith(linesOfText(1, 2_000), { exact: true }),
  })

/**
 * What a check of a Redis server may be told; it asks `PING`. `rediss:` is TLS.
 *
 * @param secret how secrets are written
 */
export const redisOptions = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    username: Schema.optionalWith(lineOfText(1, 200), { exact: true }),
    password: Schema.optionalWith(secret, { exact: true }),
    ignoreTls: Schema.optionalWith(Schema.Boolean, { exact: true }),
  })
