import { Schema } from "effect"
import { type Alert, isOver, toneOf } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, postJson } from "../Channel.ts"
import { optional } from "../ChannelFields.ts"
import { plainText, roomForAll, summary } from "../Markup.ts"
import { cut, shortLine } from "../TextLimit.ts"

/**
 * A service of PagerDuty.
 *
 * @param secret how secrets are written
 */
export const pagerdutyConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("pagerduty"),
    /** The integration key of an "Events API v2" integration. */
    routingKey: secret,
    /** Where the account is: `us` unless given. */
    region: optional(Schema.Literal("us", "eu")),
  })
type Config = ReturnType<typeof pagerdutyConfig<string, string>>["Type"]

const endpoints = { us: "https://events.pagerduty.com", eu: "https://events.eu.pagerduty.com" }
const severities = { bad: "critical", warning: "warning", info: "info", good: "info" }

/**
 * Events API v2 (https://developer.pagerduty.com/docs/send-alert-event): the incident is the `dedup_key`, so that what comes
 * twice or later belongs to the same alert, and `resolve` ends it. A summary may have 1,024 characters.
 */
export const pagerduty: Channel<Config> = {
  label: "PagerDuty",
  keepsOpen: true,
  message: ({ region = "us", routingKey }, alert) =>
    postJson(`${endpoints[region]}/v2/enqueue`, {
      routing_key: routingKey,
      event_action: actionOf(alert),
      dedup_key: alert.incidentId,
      client: shortLine(alert.sentBy, 200),
      ...(alert.incidentUrl === null
        ? {}
        : { client_url: alert.incidentUrl, links: [{ href: alert.incidentUrl, text: "Show incident" }] }),
      payload: {
        summary: cut(headline(alert), 1_024),
        source: shortLine(alert.monitors[0]?.url ?? alert.sentBy, 500),
        severity: severities[toneOf(alert)],
        timestamp: new Date(alert.at).toISOString(),
        class: alert.change,
        custom_details: { monitors: alert.monitorCount, details: summary(plainText, alert, roomForAll) },
      },
    }),
}

const actionOf = (alert: Alert): "trigger" | "acknowledge" | "resolve" => {
  if (isOver(alert)) return "resolve"
  return alert.change === "acknowledged" ? "acknowledge" : "trigger"
}
