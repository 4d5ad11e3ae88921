import { Schema } from "effect"
import { type Alert, type AlertTone, toneOf } from "../Alert.ts"
import { type Fact, factsOf, headline } from "../AlertText.ts"
import { type Channel, postJson } from "../Channel.ts"
import { factsWithin } from "../FactLimit.ts"
import { bytes } from "../TextLimit.ts"

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

/** The most bytes of a message, under the 28 KB that Teams takes. */
const maxBytes = 27_500

/**
 * An Adaptive Card for "Post to a channel when a webhook request is received"
 * (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook), which answers
 * 202. The text of a `RichTextBlock` is taken as it is, while a `TextBlock` reads Markdown
 * (https://adaptivecards.io/explorer/RichTextBlock.html).
 */
export const teams: Channel<Config> = {
  label: "Microsoft Teams",
  message: ({ url }, alert) => {
    const room = maxBytes - bytes(JSON.stringify(cardOf(alert, [])))
    const facts = factsWithin(factsOf(alert), room, (fact) => bytes(JSON.stringify(blockOf(fact))) + 1)
    return postJson(url, cardOf(alert, facts))
  },
}

const run = (text: string, more: object = {}) => ({ type: "TextRun", text, ...more })

const block = (...inlines: ReadonlyArray<object>) => ({ type: "RichTextBlock", inlines })

const blockOf = ({ label, value }: Fact) =>
  label === null ? block(run(value)) : block(run(`${label}: `, { weight: "Bolder" }), run(value))

const cardOf = (alert: Alert, facts: ReadonlyArray<Fact>) => ({
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
          ...facts.map(blockOf),
        ],
        ...(alert.incidentUrl === null
          ? {}
          : { actions: [{ type: "Action.OpenUrl", title: "Show incident", url: alert.incidentUrl }] }),
      },
    },
  ],
})
