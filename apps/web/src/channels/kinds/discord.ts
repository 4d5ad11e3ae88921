import type { KindDescription } from "../fields.ts"
import { matching, webUrl } from "../rules.ts"

/** Discord, by a webhook. */
export const discord: KindDescription<"discord"> = {
  kind: "discord",
  label: "Discord",
  group: "Chat",
  about: "Messages in a channel of your server",
  steps: [
    "In Discord, open the channel's settings, “Integrations”, “Webhooks”.",
    "Make a webhook, give it a name, and choose “Copy Webhook URL”.",
  ],
  fields: [
    {
      type: "secret",
      path: "url",
      label: "Webhook URL",
      rule: webUrl,
      hint: "It begins with https://discord.com/api/webhooks/.",
    },
    {
      type: "text",
      path: "threadId",
      label: "Thread",
      optional: true,
      rule: matching(/\d{15,20}/, "A thread's id: 15 to 20 digits."),
      hint: "The id of a thread in the channel, by “Copy Thread ID” in Discord's developer mode.",
    },
  ],
  shows: null,
}
