import { Schema } from "effect"
import { type Alert, isOver, toneOf } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, type HttpMessage, pathSegment, postJson } from "../Channel.ts"
import { optional } from "../ChannelFields.ts"
import { plainText, roomForAll, summary } from "../Markup.ts"
import { cut, shortLine } from "../TextLimit.ts"

/**
 * An integration of Opsgenie.
 *
 * @param secret how secrets are written
 */
export const opsgenieConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("opsgenie"),
    /** The key of an API integration. */
    apiKey: secret,
    /** Where the account is: `us` unless given. */
    region: optional(Schema.Literal("us", "eu")),
  })
type Config = ReturnType<typeof opsgenieConfig<string, string>>["Type"]

const endpoints = { us: "https://api.opsgenie.com", eu: "https://api.eu.opsgenie.com" }
const priorities = { bad: "P1", warning: "P3", info: "P5", good: "P5" }

/**
 * Alert API (https://docs.opsgenie.com/docs/alert-api): the incident is the `alias`, by which Opsgenie drops what comes twice
 * and knows what to close. What a person writes is a note, since what is created again only counts. A message may have 130
 * characters, a description 15,000, a tag 50, a source 100, a note 25,000.
 */
export const opsgenie: Channel<Config> = {
  label: "Opsgenie",
  keepsOpen: true,
  message: ({ apiKey, region = "us" }, alert) =>
    requestOf(`${endpoints[region]}/v2/alerts`, { authorization: `GenieKey ${apiKey}` }, alert),
}

const requestOf = (alerts: string, headers: Readonly<Record<string, string>>, alert: Alert): HttpMessage => {
  const source = shortLine(alert.sentBy, 100)
  const action = actionOf(alert)
  if (action !== null) {
    const note = `${headline(alert)}\n${summary(plainText, alert, roomForAll)}`
    const url = `${alerts}/${pathSegment(alert.incidentId)}/${action}?identifierType=alias`
    return postJson(url, { source, note }, headers)
  }
  return postJson(
    alerts,
    {
      message: cut(headline(alert), 130),
      alias: alert.incidentId,
      description: summary(plainText, alert, 15_000),
      priority: priorities[toneOf(alert)],
      tags: [...new Set(alert.monitors.flatMap(({ tags }) => tags))].slice(0, 20).map((tag) => shortLine(tag, 50)),
      entity: shortLine(alert.monitors[0]?.url ?? "", 512),
      source,
      details: { change: alert.change, severity: alert.severity, incidentUrl: alert.incidentUrl ?? "" },
    },
    headers,
  )
}

/** What is done to the alert that is there; null for what opens it. */
const actionOf = (alert: Alert): "close" | "acknowledge" | "notes" | null => {
  if (isOver(alert)) return "close"
  if (alert.change === "acknowledged") return "acknowledge"
  return alert.change === "updated" && alert.note !== null ? "notes" : null
}
