import type { KindDescription } from "../fields.ts"
import { secretText } from "../rules.ts"
import { region } from "./region.ts"

/** PagerDuty, by its Events API. */
export const pagerduty: KindDescription<"pagerduty"> = {
  kind: "pagerduty",
  label: "PagerDuty",
  group: "On-call",
  about: "Incidents that open, are acknowledged and resolve with ours",
  steps: [
    "In PagerDuty, open the service, “Integrations”, “Add an integration”.",
    "Choose “Events API V2”, and copy its integration key.",
  ],
  fields: [
    {
      type: "secret",
      path: "routingKey",
      label: "Integration key",
      rule: secretText,
      hint: "32 letters and digits.",
    },
    region,
  ],
  shows: null,
}
