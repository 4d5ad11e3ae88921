import { lineOfText } from "@uptime/domain/Text"
import { Schema } from "effect"
import { headline } from "../AlertText.ts"
import { basicAuthorization, type Channel, jsonField, postForm } from "../Channel.ts"
import { EmailAddress, onServer, optional, ServerUrl } from "../ChannelFields.ts"
import { chatMarkdown, summary } from "../Markup.ts"

/**
 * A channel of Zulip, written to by a bot.
 *
 * @param secret how secrets are written
 */
export const zulipConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("zulip"),
    /** The organisation's address, such as `https://example.zulipchat.com`. */
    server: ServerUrl,
    /** The bot's email address. */
    email: EmailAddress,
    apiKey: secret,
    channel: lineOfText(1, 60),
    /** `uptime` unless given. */
    topic: optional(lineOfText(1, 60)),
  })
type Config = ReturnType<typeof zulipConfig<string, string>>["Type"]

/**
 * `POST /api/v1/messages` (https://zulip.com/api/send-message): a form, with Basic authentication; 10,000 characters. The type
 * is `stream`, which servers of every version know.
 */
export const zulip: Channel<Config> = {
  label: "Zulip",
  message: ({ apiKey, channel, email, server, topic = "uptime" }, alert) => {
    const title = chatMarkdown.strong(chatMarkdown.text(headline(alert)))
    return postForm(
      onServer(server, "/api/v1/messages"),
      {
        type: "stream",
        to: JSON.stringify(channel),
        topic,
        content: `${title}\n${summary(chatMarkdown, alert, 9_300)}`,
      },
      basicAuthorization(email, apiKey),
    )
  },
  isDelivered: (answer) => jsonField(answer, "result") === "success",
}
