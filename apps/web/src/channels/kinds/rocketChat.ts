import type { KindDescription } from "../fields.ts"
import { matching, webUrl } from "../rules.ts"

/** Rocket.Chat, by an incoming integration. */
export const rocketChat: KindDescription<"rocketChat"> = {
  kind: "rocketChat",
  label: "Rocket.Chat",
  group: "Chat",
  about: "Messages in a channel of your server",
  steps: [
    "In Rocket.Chat, open “Administration”, “Integrations”, and add an incoming one.",
    "Enable it, choose the channel and who posts, save, and copy the webhook's URL.",
  ],
  fields: [
    { type: "secret", path: "url", label: "Webhook URL", rule: webUrl },
    {
      type: "text",
      path: "channel",
      label: "Another channel",
      optional: true,
      rule: matching(/[#@][A-Za-z0-9._-]{1,100}/, "# and a channel's name, or @ and a user's."),
      placeholder: "#ops",
      hint: "The integration's own channel when left empty.",
    },
  ],
  shows: "channel",
}
