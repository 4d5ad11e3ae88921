import type { KindDescription } from "../fields.ts"
import { webUrl } from "../rules.ts"

/** Microsoft Teams, by a workflow. */
export const teams: KindDescription<"teams"> = {
  kind: "teams",
  label: "Microsoft Teams",
  group: "Chat",
  about: "Cards in a channel, by a workflow",
  words: "office 365 power automate",
  steps: [
    "In Teams, open the channel's menu and choose “Workflows”.",
    "Take the template “Send webhook alerts to a channel” and pick the team and the channel.",
    "Copy the address that it shows at the end.",
  ],
  fields: [
    {
      type: "secret",
      path: "url",
      label: "Workflow URL",
      rule: webUrl,
      hint: "Addresses of the old Office 365 connectors do not work any more.",
    },
  ],
  shows: null,
}
