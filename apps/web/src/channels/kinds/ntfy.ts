import type { KindDescription } from "../fields.ts"
import { matching, serverUrl } from "../rules.ts"
import { serverAuth } from "./serverAuth.ts"

/** Push messages, by ntfy. */
export const ntfy: KindDescription<"ntfy"> = {
  kind: "ntfy",
  label: "ntfy",
  group: "Email and phone",
  about: "Push messages to phone and desktop, by ntfy.sh or your own server",
  words: "push notification phone",
  steps: ["In the ntfy app, subscribe to a topic with a name that nobody guesses, and give the same name here."],
  fields: [
    {
      type: "text",
      path: "topic",
      label: "Topic",
      rule: matching(/[-_A-Za-z0-9]{1,64}/, "1 to 64 letters, digits, - or _."),
      hint: "Whoever knows the name can read along on a public server.",
    },
    {
      type: "text",
      path: "server",
      label: "Server",
      optional: true,
      rule: serverUrl,
      keys: "url",
      placeholder: "https://ntfy.sh",
      hint: "https://ntfy.sh when left empty.",
    },
    ...serverAuth,
    {
      type: "choice",
      path: "priority",
      label: "Priority",
      start: "4",
      numeric: true,
      hint: "Of messages that something is wrong.",
      options: [
        { value: "1", label: "1 – lowest" },
        { value: "2", label: "2 – low" },
        { value: "3", label: "3 – normal" },
        { value: "4", label: "4 – high" },
        { value: "5", label: "5 – highest" },
      ],
    },
  ],
  shows: "topic",
}
