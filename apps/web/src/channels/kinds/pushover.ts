import type { KindDescription } from "../fields.ts"
import { matching, secretText } from "../rules.ts"

/** Push messages, by Pushover. */
export const pushover: KindDescription<"pushover"> = {
  kind: "pushover",
  label: "Pushover",
  group: "Email and phone",
  about: "Push messages to phone and desktop",
  words: "push notification phone",
  steps: [
    "On pushover.net, your user key is on the first page.",
    "Under “Create an Application/API Token”, make an application and copy its token.",
  ],
  fields: [
    { type: "secret", path: "token", label: "Application's token", rule: secretText },
    { type: "secret", path: "user", label: "User or group key", rule: secretText },
    {
      type: "text",
      path: "device",
      label: "Devices",
      optional: true,
      rule: matching(
        /[A-Za-z0-9_-]{1,25}(?:,[A-Za-z0-9_-]{1,25}){0,9}/,
        "Up to 10 names of devices with commas between, without spaces.",
      ),
      hint: "All of them when left empty.",
    },
    {
      type: "text",
      path: "sound",
      label: "Sound",
      optional: true,
      rule: matching(/[A-Za-z0-9_-]{1,25}/, "The name of a sound, such as siren."),
      placeholder: "siren",
    },
    {
      type: "choice",
      path: "priority",
      label: "Priority",
      start: "1",
      numeric: true,
      hint: "Of messages that something is wrong.",
      options: [
        { value: "-2", label: "-2 – no notification" },
        { value: "-1", label: "-1 – without a sound" },
        { value: "0", label: "0 – normal" },
        { value: "1", label: "1 – high, also in quiet hours" },
        { value: "2", label: "2 – rings until somebody is at it" },
      ],
    },
  ],
  shows: "device",
}
