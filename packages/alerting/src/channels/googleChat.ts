import { Schema } from "effect"
import { headline } from "../AlertText.ts"
import { type Channel, jsonField, postJson } from "../Channel.ts"
import { html, summary } from "../Markup.ts"
import { cut, jsonBytes } from "../TextLimit.ts"

/**
 * A webhook of a space of Google Chat.
 *
 * @param secret how secrets are written
 */
export const googleChatConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("googleChat"),
    /** The webhook's URL, which is all that it takes to post. */
    url: secret,
  })
type Config = ReturnType<typeof googleChatConfig<string, string>>["Type"]

/** The most bytes of a card's text, which keeps a message under the 32,000 that it may have. */
const maxBytes = 27_000

/**
 * A card in the incident's thread (https://developers.google.com/workspace/chat/quickstart/webhooks). A card's header is plain
 * text and its paragraphs are HTML, while the text of a message reads `<users/all>` as a call to everybody and knows no
 * escape.
 */
export const googleChat: Channel<Config> = {
  label: "Google Chat",
  message: ({ url }, alert) => {
    const { incidentUrl } = alert
    const title = cut(headline(alert), 200)
    const replying = "messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"
    return postJson(`${url}${url.includes("?") ? "&" : "?"}${replying}`, {
      thread: { threadKey: alert.incidentId },
      fallbackText: title,
      cardsV2: [
        {
          cardId: "incident",
          card: {
            header: { title },
            sections: [
              {
                widgets: [
                  { textParagraph: { text: summary(html, { ...alert, incidentUrl: null }, maxBytes, jsonBytes) } },
                  ...(incidentUrl === null
                    ? []
                    : [
                        {
                          buttonList: {
                            buttons: [{ text: "Show incident", onClick: { openLink: { url: incidentUrl } } }],
                          },
                        },
                      ]),
                ],
              },
            ],
          },
        },
      ],
    })
  },
  isDelivered: (answer) => typeof jsonField(answer, "name") === "string",
}
