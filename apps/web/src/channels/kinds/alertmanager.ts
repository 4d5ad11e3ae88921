import type { KindDescription } from "../fields.ts"
import { line, matching, serverUrl } from "../rules.ts"
import { serverAuth } from "./serverAuth.ts"

/** Prometheus' Alertmanager, by its API. */
export const alertmanager: KindDescription<"alertmanager"> = {
  kind: "alertmanager",
  label: "Alertmanager",
  group: "On-call",
  about: "Alerts for the routes that you have in Prometheus' Alertmanager",
  words: "prometheus",
  steps: ["Give the address that Prometheus has under “alerting”; labels choose the route."],
  fields: [
    {
      type: "text",
      path: "server",
      label: "Server",
      rule: serverUrl,
      keys: "url",
      placeholder: "http://alertmanager:9093",
    },
    ...serverAuth,
    {
      type: "pairs",
      path: "labels",
      label: "Labels",
      optional: true,
      each: "label",
      most: 20,
      name: matching(/[a-zA-Z_][a-zA-Z0-9_]{0,99}/, "A label's name: letters, digits and _."),
      value: line(200),
      hint: "Every alert has them.",
    },
  ],
  shows: "server",
}
