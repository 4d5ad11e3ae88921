import { Schema } from "effect"
import { toneOf } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, postJson } from "../Channel.ts"
import { onServer, optional, ServerUrl } from "../ChannelFields.ts"
import { plainText, roomForAll, summary } from "../Markup.ts"

/**
 * An application of a Gotify server.
 *
 * @param secret how secrets are written
 */
export const gotifyConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("gotify"),
    server: ServerUrl,
    /** The application's token. */
    token: secret,
    /** Of messages that something is wrong: 0 to 10; 8 unless given. */
    priority: optional(Schema.Int.pipe(Schema.between(0, 10))),
  })
type Config = ReturnType<typeof gotifyConfig<string, string>>["Type"]

/** `POST /message` (https://gotify.net/api-docs): plain text, and a link for when the notification is touched. */
export const gotify: Channel<Config> = {
  label: "Gotify",
  message: ({ priority = 8, server, token }, alert) => {
    const tone = toneOf(alert)
    const { incidentUrl } = alert
    return postJson(
      onServer(server, "/message"),
      {
        title: headline(alert),
        message: summary(plainText, alert, roomForAll),
        priority: tone === "bad" || tone === "warning" ? priority : 4,
        extras: {
          "client::display": { contentType: "text/plain" },
          ...(incidentUrl === null ? {} : { "client::notification": { click: { url: incidentUrl } } }),
        },
      },
      { "x-gotify-key": token },
    )
  },
}
