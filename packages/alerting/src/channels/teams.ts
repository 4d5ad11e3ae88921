import { Schema } from "effect"
import { type AlertTone, toneOf } from "../Alert.ts"
import { factsOf, headline } from "../AlertText.ts"
import { type Channel, postJson } from "../Channel.ts"

/**
 * A workflow of Microsoft Teams that posts what a webhook gets.
 *
 * @param secret how secrets are written
 */
export const teamsConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("teams"),
    /** The workflow's URL, which is all that it takes to post. */
    url: secret,
  })
type Config = ReturnType<typeof teamsConfig<string, string>>["Type"]

const colours: Readonly<Record<AlertTone, string>> = {
  good: "Good",
  warning: "Warning",
  bad: "Attention",
  info: "Accent",
}

/** The most facts of one card, which keeps it well under the 28 KB that Teams takes. */
const maxFacts = 30

/**
 * An Adaptive Card for "Post to a channel when a webhook request is received"
 * (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook), which answers
 * 202. The text of a `RichTextBlock` is taken as it is, while a `TextBlock` reads Markdown
 * (https://adaptivecards.io/explorer/RichTextBlock.html).
 */
export const teams: Channel<Config> = {
  label: "Microsoft Teams",
  message: ({ url }, alert) => {
    const { incidentUrl } = alert
    const run = (text: string, more: object = {}) => ({ type: "TextRun", text, ...more })
    const block = (...inlines: ReadonlyArray<object>) => ({ type: "RichTextBlock", inlines })
    return postJson(url, {
      type: "message",
      attachments: [
        {
          contentType: "application/vnd.microsoft.card.adaptive",
          contentUrl: null,
          content: {
            $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
            type: "AdaptiveCard",
            version: "1.4",
            body: [
              block(run(headline(alert), { size: "Large", weight: "Bolder", color: colours[toneOf(alert)] })),
              ...factsOf(alert)
                .slice(0, maxFacts)
                .map(({ label, value }) =>
                  label === null ? block(run(value)) : block(run(`${label}: `, { weight: "Bolder" }), run(value)),
                ),
            ],
            ...(incidentUrl === null
              ? {}
              : { actions: [{ type: "Action.OpenUrl", title: "Show incident", url: incidentUrl }] }),
          },
        },
      ],
    })
  },
}
