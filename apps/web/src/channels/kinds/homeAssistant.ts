import type { KindDescription } from "../fields.ts"
import { matching, secretText, serverUrl } from "../rules.ts"

/** Home Assistant, by its API. */
export const homeAssistant: KindDescription<"homeAssistant"> = {
  kind: "homeAssistant",
  label: "Home Assistant",
  group: "Your own systems",
  about: "A notification by any service of your home",
  steps: [
    "In Home Assistant, open your profile, “Security”, and make a long-lived access token.",
    "The names of services are under “Developer tools”, “Actions”: what follows “notify.”.",
  ],
  fields: [
    {
      type: "text",
      path: "server",
      label: "Server",
      rule: serverUrl,
      keys: "url",
      placeholder: "http://homeassistant.local:8123",
    },
    { type: "secret", path: "token", label: "Long-lived access token", rule: secretText },
    {
      type: "text",
      path: "service",
      label: "Service",
      rule: matching(/[a-z0-9_]{1,100}/, "What follows notify., such as mobile_app_phone."),
      placeholder: "mobile_app_phone",
      hint: "What follows “notify.”.",
    },
  ],
  shows: "service",
}
