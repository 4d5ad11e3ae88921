import { Schema } from "effect"
import { CheckKind } from "./CheckKind.ts"
import { maxConditions, StoredCondition } from "./Condition.ts"
import { heartbeatOptions } from "./checks/HeartbeatCheck.ts"
import { httpOptions } from "./checks/HttpCheck.ts"
import { dnsOptions, domainOptions } from "./checks/NameChecks.ts"
import { databaseOptions, redisOptions, smtpOptions } from "./checks/ServiceChecks.ts"
import { grpcOptions, pingOptions, tcpOptions, tlsOptions, websocketOptions } from "./checks/SocketChecks.ts"
import { SealedSecret } from "./Secret.ts"

/** The longest deadline of one check, in milliseconds. */
export const maxTimeoutMs = 60_000

/**
 * What each kind of check may be told, under the kind's own name; a monitor has at most the one of its kind.
 *
 * @param secret how secrets are written: `SecretText` in the API, `SealedSecret` in stores and jobs
 */
export const kindOptions = <A, I>(secret: Schema.Schema<A, I>) => ({
  http: Schema.optionalWith(httpOptions(secret), { exact: true }),
  tcp: Schema.optionalWith(tcpOptions, { exact: true }),
  dns: Schema.optionalWith(dnsOptions, { exact: true }),
  ping: Schema.optionalWith(pingOptions, { exact: true }),
  tls: Schema.optionalWith(tlsOptions, { exact: true }),
  websocket: Schema.optionalWith(websocketOptions(secret), { exact: true }),
  grpc: Schema.optionalWith(grpcOptions, { exact: true }),
  smtp: Schema.optionalWith(smtpOptions(secret), { exact: true }),
  postgres: Schema.optionalWith(databaseOptions(secret), { exact: true }),
  mysql: Schema.optionalWith(databaseOptions(secret), { exact: true }),
  redis: Schema.optionalWith(redisOptions(secret), { exact: true }),
  domain: Schema.optionalWith(domainOptions, { exact: true }),
  heartbeat: Schema.optionalWith(heartbeatOptions, { exact: true }),
})

/** The options of all kinds, with secrets of one form; a monitor has those of its own kind, or none. */
export type KindOptions<Secret> = Schema.Struct.Type<ReturnType<typeof kindOptions<Secret, unknown>>>

/** What a check is told besides its kind, target and deadline: conditions, and the options of its kind. */
export const CheckOptions = Schema.Struct({
  conditions: Schema.optionalWith(Schema.Array(StoredCondition).pipe(Schema.maxItems(maxConditions)), { exact: true }),
  ...kindOptions(SealedSecret),
})
export type CheckOptions = typeof CheckOptions.Type

/** The specification that travels with every job. `timeoutMs` is one deadline for the whole check. */
export const CheckSpec = Schema.Struct({
  kind: CheckKind,
  url: Schema.String,
  timeoutMs: Schema.Number.pipe(Schema.between(1, maxTimeoutMs)),
  ...CheckOptions.fields,
})
export type CheckSpec = typeof CheckSpec.Type
