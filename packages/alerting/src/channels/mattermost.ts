import { Schema } from "effect"
import { hexColourOf, toneOf } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, postJson } from "../Channel.ts"
import { optional } from "../ChannelFields.ts"
import { markdown, summary } from "../Markup.ts"

/**
 * An incoming webhook of Mattermost.
 *
 * @param secret how secrets are written
 */
export const mattermostConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("mattermost"),
    /** The webhook's URL, which is all that it takes to post. */
    url: secret,
    /** The channel's name as its URL has it, or `@` and a user's; the webhook's own unless given. */
    channel: optional(
      Schema.String.pipe(Schema.pattern(/^@?[a-z0-9._-]{1,64}$/, { message: () => "a channel's name in its URL" })),
    ),
  })
type Config = ReturnType<typeof mattermostConfig<string, string>>["Type"]

/**
 * Incoming webhooks (https://developers.mattermost.com/integrate/webhooks/incoming/), which answer `ok`: one attachment,
 * whose text and fallback stay under the 16,383 characters of a post.
 */
export const mattermost: Channel<Config> = {
  label: "Mattermost",
  message: ({ channel, url }, alert) => {
    const title = markdown.text(headline(alert))
    return postJson(url, {
      ...(channel === undefined ? {} : { channel }),
      attachments: [
        {
          fallback: title,
          color: hexColourOf(toneOf(alert)),
          text: `${markdown.strong(title)}  \n${summary(markdown, alert, 15_000)}`,
        },
      ],
    })
  },
  isDelivered: ({ body }) => body.trim() === "ok",
}
