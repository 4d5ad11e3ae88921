import { Schema } from "effect"
import { colourOf, toneOf } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, jsonField, postJson } from "../Channel.ts"
import { optional } from "../ChannelFields.ts"
import { discordMarkdown, summary } from "../Markup.ts"
import { cut, shortLine } from "../TextLimit.ts"

/**
 * A webhook of a Discord channel.
 *
 * @param secret how secrets are written
 */
export const discordConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("discord"),
    /** The webhook's URL, which is all that it takes to post. */
    url: secret,
    /** A thread of the channel. */
    threadId: optional(Schema.String.pipe(Schema.pattern(/^\d{15,20}$/, { message: () => "a thread's id: digits" }))),
  })
type Config = ReturnType<typeof discordConfig<string, string>>["Type"]

/**
 * Execute Webhook (https://discord.com/developers/docs/resources/webhook#execute-webhook): one embed, whose title may have
 * 256 characters and its description 4,096, of 6,000 in all. `allowed_mentions` lets nobody be called. With `wait` the answer
 * comes once the message is there, and is that message; without it, one that is not kept is answered like any other.
 */
export const discord: Channel<Config> = {
  label: "Discord",
  message: ({ threadId, url }, alert) =>
    postJson(
      `${url}${url.includes("?") ? "&" : "?"}wait=true${threadId === undefined ? "" : `&thread_id=${threadId}`}`,
      {
        embeds: [
          {
            title: titleOf(headline(alert)),
            description: summary(discordMarkdown, alert, 4_096),
            color: colourOf[toneOf(alert)],
            timestamp: new Date(alert.at).toISOString(),
            footer: { text: shortLine(alert.sentBy, 200) },
          },
        ],
        allowed_mentions: { parse: [] },
      },
    ),
  isDelivered: (answer) => typeof jsonField(answer, "id") === "string",
}

/** A headline of at most 256 characters once it is escaped. */
const titleOf = (text: string): string => {
  const escaped = discordMarkdown.text(text)
  return escaped.length <= 256 ? escaped : discordMarkdown.text(cut(text, 120))
}
