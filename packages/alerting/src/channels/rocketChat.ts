import { Schema } from "effect"
import { hexColourOf, toneOf } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, jsonField, postJson } from "../Channel.ts"
import { optional } from "../ChannelFields.ts"
import { chatMarkdown, summary } from "../Markup.ts"

/**
 * An incoming integration of Rocket.Chat.
 *
 * @param secret how secrets are written
 */
export const rocketChatConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("rocketChat"),
    /** The integration's URL, which is all that it takes to post. */
    url: secret,
    /** `#` and a channel's name, or `@` and a user's; the integration's own unless given. */
    channel: optional(
      Schema.String.pipe(Schema.pattern(/^[#@][A-Za-z0-9._-]{1,100}$/, { message: () => "#channel or @user" })),
    ),
  })
type Config = ReturnType<typeof rocketChatConfig<string, string>>["Type"]

/**
 * Incoming integrations (https://docs.rocket.chat/docs/integrations), which answer `{"success":true}`: one attachment, as
 * `chat.postMessage` takes it (https://developer.rocket.chat/apidocs/post-message), with a text under the 5,000 characters that
 * a message may have unless a workspace says otherwise.
 */
export const rocketChat: Channel<Config> = {
  label: "Rocket.Chat",
  message: ({ channel, url }, alert) =>
    postJson(url, {
      ...(channel === undefined ? {} : { channel }),
      text: chatMarkdown.strong(chatMarkdown.text(headline(alert))),
      parseUrls: false,
      attachments: [{ color: hexColourOf(toneOf(alert)), text: summary(chatMarkdown, alert, 4_900) }],
    }),
  isDelivered: (answer) => jsonField(answer, "success") === true,
}
