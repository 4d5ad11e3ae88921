import { Schema } from "effect"
import { isOver } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, postJson } from "../Channel.ts"
import { plainText, roomForAll, summary } from "../Markup.ts"

/**
 * A "Formatted Webhook" integration of Grafana OnCall or Grafana Cloud IRM.
 *
 * @param secret how secrets are written
 */
export const grafanaOnCallConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("grafanaOnCall"),
    /** The integration's URL, which is all that it takes to post. */
    url: secret,
  })
type Config = ReturnType<typeof grafanaOnCallConfig<string, string>>["Type"]

/**
 * Formatted webhooks (https://grafana.com/docs/oncall/latest/configure/integrations/references/webhook/): the incident is the
 * `alert_uid` that alerts are grouped by, and the state `ok` resolves them.
 */
export const grafanaOnCall: Channel<Config> = {
  label: "Grafana OnCall",
  keepsOpen: true,
  message: ({ url }, alert) => {
    const { incidentUrl } = alert
    return postJson(url, {
      alert_uid: alert.incidentId,
      title: headline(alert),
      state: isOver(alert) ? "ok" : "alerting",
      message: summary(plainText, { ...alert, incidentUrl: null }, roomForAll),
      ...(incidentUrl === null ? {} : { link_to_upstream_details: incidentUrl }),
    })
  },
}
