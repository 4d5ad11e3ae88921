import type { KindDescription } from "../fields.ts"
import { matching, webUrl } from "../rules.ts"

/** Mattermost, by an incoming webhook. */
export const mattermost: KindDescription<"mattermost"> = {
  kind: "mattermost",
  label: "Mattermost",
  group: "Chat",
  about: "Messages in a channel of your server",
  steps: ["In Mattermost, open “Integrations”, “Incoming Webhooks”, and add one for the channel.", "Copy its URL."],
  fields: [
    { type: "secret", path: "url", label: "Webhook URL", rule: webUrl },
    {
      type: "text",
      path: "channel",
      label: "Another channel",
      optional: true,
      rule: matching(/@?[a-z0-9._-]{1,64}/, "A channel's name as its URL has it, or @ and a user's name."),
      placeholder: "town-square",
      hint: "The webhook's own channel when left empty. A name as it is in the channel's URL, or @ and a user's name.",
    },
  ],
  shows: "channel",
}
