import { Schema } from "effect"
import { headline } from "../AlertText.ts"
import { type Channel, jsonField, pathSegment, postJson } from "../Channel.ts"
import { optional } from "../ChannelFields.ts"
import { summary, telegramHtml } from "../Markup.ts"

/**
 * A chat that a Telegram bot writes to.
 *
 * @param secret how secrets are written
 */
export const telegramConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("telegram"),
    /** The bot's token. */
    token: secret,
    chatId: Schema.String.pipe(
      Schema.pattern(/^(?:-?\d{1,20}|@[A-Za-z0-9_]{4,64})$/, {
        message: () => "a chat's id, such as -1001234567890, or a channel's name, such as @ops",
      }),
    ),
    /** A topic of a group. */
    threadId: optional(Schema.Int.pipe(Schema.positive())),
    /** Whether messages come without a sound; they have one unless given. */
    silent: optional(Schema.Boolean),
  })
type Config = ReturnType<typeof telegramConfig<string, string>>["Type"]

/** `sendMessage` of the Bot API (https://core.telegram.org/bots/api#sendmessage): 4,096 characters. */
export const telegram: Channel<Config> = {
  label: "Telegram",
  message: ({ chatId, silent, threadId, token }, alert) => {
    const title = telegramHtml.strong(telegramHtml.text(headline(alert)))
    return postJson(`https://api.telegram.org/bot${pathSegment(token)}/sendMessage`, {
      chat_id: chatId,
      ...(threadId === undefined ? {} : { message_thread_id: threadId }),
      text: `${title}\n${summary(telegramHtml, alert, 4_095 - title.length)}`,
      parse_mode: "HTML",
      link_preview_options: { is_disabled: true },
      disable_notification: silent ?? false,
    })
  },
  isDelivered: (answer) => jsonField(answer, "ok") === true,
  // `ResponseParameters` (https://core.telegram.org/bots/api#responseparameters), of too many messages at once.
  retryAfterSeconds: (answer) => {
    const parameters = jsonField(answer, "parameters")
    if (typeof parameters !== "object" || parameters === null) return null
    const seconds: unknown = Reflect.get(parameters, "retry_after")
    return typeof seconds === "number" && Number.isFinite(seconds) ? seconds : null
  },
}
