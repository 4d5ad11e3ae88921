import type { KindDescription } from "../fields.ts"
import { line, matching, secretText, serverUrl } from "../rules.ts"
import { serverAuth } from "./serverAuth.ts"

/** Apprise, which knows a hundred further services. */
export const apprise: KindDescription<"apprise"> = {
  kind: "apprise",
  label: "Apprise",
  group: "Your own systems",
  about: "A hundred further services, by your own Apprise API",
  steps: ["Run caronc/apprise, and give its address; the services are kept there under a key, or given here as URLs."],
  fields: [
    { type: "text", path: "server", label: "Server", rule: serverUrl, keys: "url", placeholder: "http://apprise:8000" },
    ...serverAuth,
    {
      type: "branch",
      path: "services",
      label: "Services",
      options: [
        { value: "urls", label: "Given here as Apprise URLs", has: "urls" },
        { value: "key", label: "Kept by the server under a key", has: "key" },
      ],
    },
    {
      type: "secret",
      path: "urls",
      label: "Apprise URLs",
      rule: secretText,
      hint: "With commas between, such as mailto://….",
      when: ["services", "urls"],
    },
    {
      type: "text",
      path: "key",
      label: "Key",
      rule: matching(/[A-Za-z0-9_-]{1,64}/, "1 to 64 letters, digits, - or _."),
      when: ["services", "key"],
    },
    {
      type: "text",
      path: "tag",
      label: "Tag",
      optional: true,
      rule: line(200),
      hint: "Only services with this tag.",
      when: ["services", "key"],
    },
  ],
  shows: "server",
}
