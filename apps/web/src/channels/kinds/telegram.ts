import type { KindDescription } from "../fields.ts"
import { matching, secretText, whole } from "../rules.ts"

/** Telegram, by a bot. */
export const telegram: KindDescription<"telegram"> = {
  kind: "telegram",
  label: "Telegram",
  group: "Chat",
  about: "Messages from a bot of yours, to you, a group or a channel",
  steps: [
    "Write /newbot to @BotFather in Telegram, and copy the token it gives you.",
    "Write to your bot, or add it to the group or the channel.",
    "Open https://api.telegram.org/bot<token>/getUpdates and copy the id under “chat”.",
  ],
  fields: [
    {
      type: "secret",
      path: "token",
      label: "Bot token",
      rule: secretText,
      hint: "From @BotFather, such as 123456:ABC-DEF….",
    },
    {
      type: "text",
      path: "chatId",
      label: "Chat",
      rule: matching(/-?\d{1,20}|@[A-Za-z0-9_]{4,64}/, "A chat's id, such as -1001234567890, or a name, such as @ops."),
      placeholder: "-1001234567890",
      hint: "The id of the chat, or the @name of a public channel.",
    },
    {
      type: "whole",
      path: "threadId",
      label: "Topic",
      optional: true,
      rule: whole(1, Number.MAX_SAFE_INTEGER),
      hint: "The number of a topic, in groups that have topics.",
    },
    { type: "switch", path: "silent", label: "Without a sound" },
  ],
  shows: "chatId",
}
