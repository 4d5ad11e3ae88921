import type { KindDescription } from "../fields.ts"
import { webUrl } from "../rules.ts"

/** Google Chat, by a webhook of a space. */
export const googleChat: KindDescription<"googleChat"> = {
  kind: "googleChat",
  label: "Google Chat",
  group: "Chat",
  about: "Messages in a space of Google Workspace",
  steps: [
    "In Google Chat, open the space's menu, “Apps & integrations”, “Webhooks”.",
    "Add a webhook, give it a name, and copy its link.",
  ],
  fields: [
    {
      type: "secret",
      path: "url",
      label: "Webhook URL",
      rule: webUrl,
      hint: "It begins with https://chat.googleapis.com/v1/spaces/.",
    },
  ],
  shows: null,
}
