import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform"
import { Schema } from "effect"
import { PayloadTooLarge, TooManyRequests } from "./ApiErrors.ts"

/** The answer of Uptime Kuma to a push that it takes. */
export const KumaTaken = Schema.Struct({ ok: Schema.Literal(true) }).annotations({
  identifier: "KumaTaken",
  description: "The push was taken.",
})

/** The answer of Uptime Kuma to a push under a token that nothing has. */
export const KumaRefused = Schema.Struct({ ok: Schema.Literal(false), msg: Schema.String }).annotations({
  identifier: "KumaRefused",
  description: "Nothing has this token.",
})

/** The answers of Healthchecks. */
export const PingTaken = HttpApiSchema.Text().annotations({ description: "`OK`: the ping was taken." })
export const PingRefused = HttpApiSchema.Text().annotations({ description: "`not found`: nothing has this address." })

/** The most of a ping's body that is read, in bytes: its end. The last 10 kB are kept. */
export const maxPingBodyBytes = 102_400

/** A parameter that a job may also send twice: the first counts, and none makes a ping fail. */
const Parameter = (description: string) =>
  Schema.optional(
    Schema.Union(Schema.String, Schema.Array(Schema.String)).annotations({
      jsonSchema: { type: "string", description },
    }),
  )

const PushPath = Schema.Struct({ token: Schema.String })
const PushQuery = Schema.Struct({
  status: Parameter("`up`, which it is without one; anything else is down"),
  msg: Parameter("what the job has to say"),
  ping: Parameter("how long it took, in milliseconds"),
})

const PingPath = Schema.Struct({
  pingId: Schema.String.annotations({ jsonSchema: { type: "string", format: "uuid" } }),
})
const EventPath = Schema.Struct({
  ...PingPath.fields,
  event: Schema.String.annotations({
    jsonSchema: { type: "string", pattern: "^(start|fail|log|[0-9]{1,3})$" },
    description: "`start`, `fail`, `log`, or the exit code of the job",
  }),
})

const push = <Name extends string>(name: Name, method: "GET" | "POST" | "PUT" | "PATCH") =>
  HttpApiEndpoint.make(method)(name, "/api/push/:token")
    .setPath(PushPath)
    .setUrlParams(PushQuery)
    .addSuccess(KumaTaken)
    .addError(KumaRefused, { status: 404 })
    .annotate(OpenApi.Summary, "Push as Uptime Kuma takes it")

const ping = <Name extends string>(name: Name, method: "GET" | "POST") =>
  HttpApiEndpoint.make(method)(name, "/ping/:pingId")
    .setPath(PingPath)
    .addSuccess(PingTaken)
    .addError(PingRefused, { status: 404 })
    .annotate(OpenApi.Summary, "Ping as Healthchecks takes it: the job ended well; a body of any type is its log")

const pingEvent = <Name extends string>(name: Name, method: "GET" | "POST") =>
  HttpApiEndpoint.make(method)(name, "/ping/:pingId/:event")
    .setPath(EventPath)
    .addSuccess(PingTaken)
    .addError(PingRefused, { status: 404 })
    .annotate(OpenApi.Summary, "Ping as Healthchecks takes it: the job starts, failed, logs, or ended with a code")

/**
 * What jobs call to say that they run: by the tokens of heartbeats, without a session. Unknown and malformed tokens are
 * answered alike, in the words of the product whose address it is. 503 means that the ping was not taken: call again.
 */
export class PingsApi extends HttpApiGroup.make("pings")
  .add(push("push", "GET"))
  .add(push("pushByPost", "POST"))
  .add(push("pushByPut", "PUT"))
  .add(push("pushByPatch", "PATCH"))
  .add(ping("ping", "GET"))
  .add(ping("pingByPost", "POST"))
  .add(pingEvent("pingEvent", "GET"))
  .add(pingEvent("pingEventByPost", "POST"))
  .addError(PayloadTooLarge)
  .addError(TooManyRequests)
  .annotate(OpenApi.Description, "What jobs call; HEAD does what GET does") {}
