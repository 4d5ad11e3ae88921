import { Schema } from "effect"
import { headline } from "../AlertText.ts"
import { type Channel, postJson } from "../Channel.ts"
import { onServer, ServerUrl } from "../ChannelFields.ts"
import { plainText, summary } from "../Markup.ts"

/**
 * A notify service of Home Assistant.
 *
 * @param secret how secrets are written
 */
export const homeAssistantConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("homeAssistant"),
    server: ServerUrl,
    /** A long-lived access token. */
    token: secret,
    /** What follows `notify.`, such as `mobile_app_phone`. */
    service: Schema.String.pipe(
      Schema.pattern(/^[a-z0-9_]{1,100}$/, {
        message: () => "a service's name after notify., such as mobile_app_phone",
      }),
    ),
  })
type Config = ReturnType<typeof homeAssistantConfig<string, string>>["Type"]

/**
 * `POST /api/services/notify/…` (https://developers.home-assistant.io/docs/api/rest/). The companion app replaces what it showed
 * under the same `tag` (https://companion.home-assistant.io/docs/notifications/notifications-basic/#replacing).
 */
export const homeAssistant: Channel<Config> = {
  label: "Home Assistant",
  message: ({ server, service, token }, alert) => {
    const { incidentUrl } = alert
    return postJson(
      onServer(server, `/api/services/notify/${service}`),
      {
        title: headline(alert),
        message: summary(plainText, { ...alert, incidentUrl: null }, 2_000),
        data: {
          tag: alert.incidentId,
          ...(incidentUrl === null ? {} : { url: incidentUrl, clickAction: incidentUrl }),
        },
      },
      { authorization: `Bearer ${token}` },
    )
  },
}
