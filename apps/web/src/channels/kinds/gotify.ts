import type { KindDescription } from "../fields.ts"
import { secretText, serverUrl, whole } from "../rules.ts"

/** Push messages, by Gotify. */
export const gotify: KindDescription<"gotify"> = {
  kind: "gotify",
  label: "Gotify",
  group: "Email and phone",
  about: "Push messages by your own Gotify server",
  words: "push notification phone",
  steps: ["In Gotify, open “Apps”, create an application, and copy its token."],
  fields: [
    {
      type: "text",
      path: "server",
      label: "Server",
      rule: serverUrl,
      keys: "url",
      placeholder: "https://gotify.example.com",
    },
    { type: "secret", path: "token", label: "Application's token", rule: secretText },
    {
      type: "whole",
      path: "priority",
      label: "Priority",
      optional: true,
      rule: whole(0, 10),
      placeholder: "8",
      hint: "From 0 to 10, of messages that something is wrong; 8 when left empty.",
    },
  ],
  shows: "server",
}
