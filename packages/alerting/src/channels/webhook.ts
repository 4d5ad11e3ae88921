import { lineOfText } from "@uptime/domain/Text"
import { Schema } from "effect"
import type { Alert } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, postJson } from "../Channel.ts"
import { HeaderName, HeaderValue, optional, WebUrl } from "../ChannelFields.ts"

/**
 * A receiver of people's own: JSON, signed as Standard Webhooks has it where there is a secret.
 *
 * @param secret how secrets are written
 */
export const webhookConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("webhook"),
    url: WebUrl,
    /** What messages are signed with: `whsec_` and base64, or any other text, whose bytes are the key. */
    signingSecret: optional(secret),
    headers: optional(Schema.Array(Schema.Struct({ name: HeaderName, value: HeaderValue })).pipe(Schema.maxItems(20))),
    secretHeaders: optional(Schema.Array(Schema.Struct({ name: HeaderName, value: secret })).pipe(Schema.maxItems(10))),
    /** Sent along with every message, for the receiver to know whose it is. */
    reference: optional(lineOfText(1, 200)),
  })
type Config = ReturnType<typeof webhookConfig<string, string>>["Type"]

/**
 * Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md): the
 * payload has `type`, `timestamp` and `data`, and `webhook-id` is the idempotency key, which `deliver` adds.
 */
export const webhook: Channel<Config> = {
  label: "Webhook",
  message: (config, alert) => {
    const own = [...(config.headers ?? []), ...(config.secretHeaders ?? [])]
    const message = postJson(
      config.url,
      payloadOf(alert, config.reference ?? null),
      Object.fromEntries(own.map(({ name, value }) => [name.toLowerCase(), value])),
    )
    return {
      ...message,
      headers: { ...message.headers, "webhook-id": alert.idempotencyKey },
      signingSecret: config.signingSecret ?? null,
    }
  },
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** The body of a webhook: the alert, with its instants as ISO 8601 in UTC. */
const payloadOf = (alert: Alert, reference: string | null) => ({
  type: `incident.${alert.change}`,
  timestamp: iso(alert.at),
  data: {
    incidentId: alert.incidentId,
    incidentUrl: alert.incidentUrl,
    change: alert.change,
    severity: alert.severity,
    title: alert.title,
    headline: headline(alert),
    startedAt: iso(alert.startedAt),
    acknowledgedBy: alert.acknowledgedBy,
    resolvedAt: alert.resolvedAt === null ? null : iso(alert.resolvedAt),
    ending: alert.ending,
    monitors: alert.monitors.map((monitor) => ({ ...monitor, since: iso(monitor.since) })),
    monitorCount: alert.monitorCount,
    note: alert.note,
    reference,
    sentBy: alert.sentBy,
  },
})
