import type { KindDescription } from "../fields.ts"
import { emailAddress, line, secretText, serverUrl } from "../rules.ts"

/** Zulip, by a bot. */
export const zulip: KindDescription<"zulip"> = {
  kind: "zulip",
  label: "Zulip",
  group: "Chat",
  about: "Messages in a topic of a channel, from a bot",
  steps: [
    "In Zulip, open “Personal settings”, “Bots”, and add a bot of the type “Incoming webhook”.",
    "Copy its email address and its API key.",
  ],
  fields: [
    {
      type: "text",
      path: "server",
      label: "Organisation",
      rule: serverUrl,
      keys: "url",
      placeholder: "https://example.zulipchat.com",
    },
    { type: "text", path: "email", label: "Bot's email address", rule: emailAddress, keys: "email" },
    { type: "secret", path: "apiKey", label: "Bot's API key", rule: secretText },
    { type: "text", path: "channel", label: "Channel", rule: line(60), placeholder: "ops" },
    {
      type: "text",
      path: "topic",
      label: "Topic",
      optional: true,
      rule: line(60),
      placeholder: "uptime",
      hint: "“uptime” when left empty.",
    },
  ],
  shows: "channel",
}
