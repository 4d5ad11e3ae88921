import { Schema } from "effect"
import { headline } from "../AlertText.ts"
import { type Channel, postJson } from "../Channel.ts"
import { plainText, roomForAll, slackText, summary } from "../Markup.ts"
import { cut, inPieces } from "../TextLimit.ts"

/**
 * An incoming webhook of Slack, or of what speaks its language.
 *
 * @param secret how secrets are written
 */
export const slackConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("slack"),
    /** The webhook's URL, which is all that it takes to post. */
    url: secret,
  })
type Config = ReturnType<typeof slackConfig<string, string>>["Type"]

/**
 * Incoming webhooks (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), which answer `ok`. What
 * people named stands in `plain_text`, where nothing formats, links or calls anybody; limits are those of the header block
 * (150), of a section's text (3,000), of which there are as many as it takes, and of a button's URL (3,000).
 */
export const slack: Channel<Config> = {
  label: "Slack",
  message: ({ url }, alert) => {
    const title = headline(alert)
    const plain = (text: string) => ({ type: "plain_text", text, emoji: false })
    const { incidentUrl } = alert
    const facts = summary(plainText, { ...alert, incidentUrl: null }, roomForAll)
    return postJson(url, {
      text: slackText.text(title),
      mrkdwn: false,
      unfurl_links: false,
      blocks: [
        { type: "header", text: plain(cut(title, 150)) },
        ...inPieces(facts, 3_000).map((text) => ({ type: "section", text: plain(text) })),
        ...(incidentUrl === null || incidentUrl.length > 3_000
          ? []
          : [{ type: "actions", elements: [{ type: "button", text: plain("Show incident"), url: incidentUrl }] }]),
      ],
    })
  },
  isDelivered: ({ body }) => body.trim() === "ok",
}
