import type { KindDescription } from "../fields.ts"
import { webUrl } from "../rules.ts"

/** Slack, by an incoming webhook. */
export const slack: KindDescription<"slack"> = {
  kind: "slack",
  label: "Slack",
  group: "Chat",
  about: "Messages in a channel of your workspace",
  steps: [
    "On api.slack.com/apps, make an app “From scratch” in your workspace.",
    "Under “Incoming Webhooks”, turn them on and choose “Add New Webhook to Workspace”.",
    "Pick the channel, and copy the webhook's URL.",
  ],
  fields: [
    {
      type: "secret",
      path: "url",
      label: "Webhook URL",
      rule: webUrl,
      hint: "It begins with https://hooks.slack.com/services/.",
    },
  ],
  shows: null,
}
