import { Schema } from "effect"
import { linesOfText } from "../Text.ts"

/** What is sent and looked for on a connection: text, of which `\r`, `\n`, `\t`, `\\` and `\xHH` stand for what they do. */
const Exchanged = linesOfText(1, 1_000)

/** Protocols that begin in plain text and turn to TLS when they are asked. */
export const StartTls = Schema.Literal("smtp", "imap", "pop3", "ftp", "xmpp", "postgres")
export type StartTls = typeof StartTls.Type

/** What a TCP check may be told: without anything, a connection is enough. */
export const tcpOptions = Schema.Struct({
  /** TLS from the first byte. */
  tls: Schema.optionalWith(Schema.Boolean, { exact: true }),
  /** TLS after the protocol's own request for it. */
  startTls: Schema.optionalWith(StartTls, { exact: true }),
  ignoreTls: Schema.optionalWith(Schema.Boolean, { exact: true }),
  send: Schema.optionalWith(Exchanged, { exact: true }),
  /** What the first 64 KiB of the answer must hold. */
  expect: Schema.optionalWith(Exchanged, { exact: true }),
})

/** What a check of a certificate may be told. */
export const tlsOptions = Schema.Struct({
  startTls: Schema.optionalWith(StartTls, { exact: true }),
  /** The name the certificate must be for, when it is not the URL's host. */
  serverName: Schema.optionalWith(Schema.String.pipe(Schema.pattern(/^[A-Za-z0-9._-]{1,253}$/)), { exact: true }),
  /**
   * `Degraded` from so many days before a certificate of the chain ends, 0 for never; unless given 14, or none where a
   * condition speaks of `[CERTIFICATE_EXPIRATION]`.
   */
  warnDays: Schema.optionalWith(Schema.Int.pipe(Schema.between(0, 365)), { exact: true }),
})

/**
 * What a WebSocket check may be told: without anything, the upgrade is enough.
 *
 * @param secret how secrets are written
 */
export const websocketOptions = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    subprotocols: Schema.optionalWith(
      Schema.Array(Schema.String.pipe(Schema.pattern(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/))).pipe(Schema.maxItems(10)),
      { exact: true },
    ),
    secretHeaders: Schema.optionalWith(
      Schema.Array(
        Schema.Struct({
          name: Schema.String.pipe(Schema.pattern(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/)),
          value: secret,
        }),
      ).pipe(Schema.maxItems(10)),
      { exact: true },
    ),
    ignoreTls: Schema.optionalWith(Schema.Boolean, { exact: true }),
    send: Schema.optionalWith(Exchanged, { exact: true }),
    /** What one of the first 100 messages must hold. */
    expect: Schema.optionalWith(Exchanged, { exact: true }),
  })

/** What a gRPC check may be told: the service whose health is asked (`grpc.health.v1`); the server as a whole unless given. */
export const grpcOptions = Schema.Struct({
  service: Schema.optionalWith(Schema.String.pipe(Schema.maxLength(200)), { exact: true }),
  ignoreTls: Schema.optionalWith(Schema.Boolean, { exact: true }),
})

/** What a ping may be told. */
export const pingOptions = Schema.Struct({
  /** Echo requests, a fifth of a second apart: 3 unless given. */
  count: Schema.optionalWith(Schema.Int.pipe(Schema.between(1, 10)), { exact: true }),
  /** Bytes of payload: 56 unless given. Sixteen carry the time it was sent at, without which nothing is measured. */
  sizeBytes: Schema.optionalWith(Schema.Int.pipe(Schema.between(16, 1_400)), { exact: true }),
  /** The most that may be lost, in percent, for `Up`: less than all unless given. */
  maxLossPercent: Schema.optionalWith(Schema.Int.pipe(Schema.between(0, 99)), { exact: true }),
  ipFamily: Schema.optionalWith(Schema.Literal("any", "ipv4", "ipv6"), { exact: true }),
})
