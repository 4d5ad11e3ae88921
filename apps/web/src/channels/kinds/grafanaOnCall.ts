import type { KindDescription } from "../fields.ts"
import { webUrl } from "../rules.ts"

/** Grafana OnCall, by a webhook. */
export const grafanaOnCall: KindDescription<"grafanaOnCall"> = {
  kind: "grafanaOnCall",
  label: "Grafana OnCall",
  group: "On-call",
  about: "Alert groups that open and resolve with our incidents",
  words: "irm",
  steps: [
    "In Grafana, open “Alerts & IRM”, “Integrations”, and add one of the type “Formatted webhook”.",
    "Copy its HTTP endpoint.",
  ],
  fields: [{ type: "secret", path: "url", label: "Integration URL", rule: webUrl }],
  shows: null,
}
