import { lineOfText } from "@uptime/domain/Text"
import { Schema } from "effect"
import { endOf, isOver } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, postJson } from "../Channel.ts"
import { authHeaders, onServer, optional, ServerUrl, serverAuth } from "../ChannelFields.ts"
import { plainText, roomForAll, summary } from "../Markup.ts"

/**
 * A Prometheus Alertmanager.
 *
 * @param secret how secrets are written
 */
export const alertmanagerConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("alertmanager"),
    server: ServerUrl,
    auth: optional(serverAuth(secret)),
    /** Labels that every alert has, for the routes; at most 20. */
    labels: optional(
      Schema.Array(
        Schema.Struct({
          name: Schema.String.pipe(
            Schema.pattern(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/, { message: () => "a label's name: letters, digits and _" }),
          ),
          value: lineOfText(1, 200),
        }),
      ).pipe(Schema.maxItems(20)),
    ),
  })
type Config = ReturnType<typeof alertmanagerConfig<string, string>>["Type"]

/** How long an alert stays without another word of it, in milliseconds: a year, which no outage lasts, and five minutes. */
const lastsMs = 365 * 86_400_000
const testLastsMs = 300_000

/**
 * `POST /api/v2/alerts` (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml). An alert is known by its
 * labels, which therefore say nothing that changes. Alertmanager resolves what it hears no more of after five minutes, unless
 * an end is given: one in the future keeps it, and the incident's own ends it. It keeps alerts in memory alone: restarted, it
 * has none until the next message of the incident.
 */
export const alertmanager: Channel<Config> = {
  label: "Alertmanager",
  message: ({ auth, labels = [], server }, alert) => {
    const { incidentUrl } = alert
    const end = isOver(alert) ? endOf(alert) : alert.at + (alert.change === "test" ? testLastsMs : lastsMs)
    return postJson(
      onServer(server, "/api/v2/alerts"),
      [
        {
          labels: {
            ...Object.fromEntries(labels.map(({ name, value }) => [name, value])),
            alertname: "UptimeIncident",
            incident: alert.incidentId,
          },
          annotations: {
            summary: headline(alert),
            description: summary(plainText, alert, roomForAll),
            severity: alert.severity,
            change: alert.change,
          },
          startsAt: new Date(alert.startedAt).toISOString(),
          endsAt: new Date(end).toISOString(),
          ...(incidentUrl === null ? {} : { generatorURL: incidentUrl }),
        },
      ],
      authHeaders(auth),
    )
  },
}
