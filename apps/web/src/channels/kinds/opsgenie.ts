import type { KindDescription } from "../fields.ts"
import { secretText } from "../rules.ts"
import { region } from "./region.ts"

/** Opsgenie, by its Alert API. */
export const opsgenie: KindDescription<"opsgenie"> = {
  kind: "opsgenie",
  label: "Opsgenie",
  group: "On-call",
  about: "Alerts that open, are acknowledged and close with ours",
  words: "atlassian jira",
  steps: [
    "In Opsgenie, open the team, “Integrations”, “Add integration”, and choose “API”.",
    "Let it create and update alerts, turn it on, and copy the API key.",
  ],
  fields: [{ type: "secret", path: "apiKey", label: "API key", rule: secretText }, region],
  shows: null,
}
