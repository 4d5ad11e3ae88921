import { assert, describe, it } from "@effect/vitest"
import type { Alert } from "@uptime/alerting/Alert"
import { keepsOpen } from "@uptime/alerting/Channels"
import { noon, opened, resolved, updatedLater } from "./Alerts.ts"
import { bodyOf, pathOf } from "./ChannelRequests.ts"
import { configs } from "./Configs.ts"

const alerts = {
  opened,
  partial: { ...opened, change: "partial" },
  updated: { ...opened, change: "updated" },
  written: { ...opened, change: "updated", note: "We are on it." },
  acknowledged: { ...opened, change: "acknowledged" },
  flapping: { ...opened, change: "flapping" },
  settled: { ...opened, change: "settled" },
  escalated: { ...opened, change: "escalated" },
  reminder: { ...opened, change: "reminder" },
  resolved,
  "written once it was over": updatedLater,
  test: { ...opened, change: "test", severity: "Info" },
  "end of a test": { ...opened, change: "test", severity: "Info", resolvedAt: opened.at },
} as const satisfies Record<string, Alert>

const one = `/v2/alerts/${opened.incidentId}`
const create = "/v2/alerts"
const close = `${one}/close?identifierType=alias`

/** What each is to an on-call service: PagerDuty's action and severity, Opsgenie's path, OnCall's state, when Alertmanager's ends. */
const told: ReadonlyArray<readonly [keyof typeof alerts, string, string, string, string, "a year" | number]> = [
  ["opened", "trigger", "critical", create, "alerting", "a year"],
  ["partial", "trigger", "warning", create, "alerting", "a year"],
  ["updated", "trigger", "critical", create, "alerting", "a year"],
  ["written", "trigger", "critical", `${one}/notes?identifierType=alias`, "alerting", "a year"],
  ["acknowledged", "acknowledge", "critical", `${one}/acknowledge?identifierType=alias`, "alerting", "a year"],
  ["flapping", "trigger", "critical", create, "alerting", "a year"],
  ["settled", "trigger", "critical", create, "alerting", "a year"],
  ["escalated", "trigger", "critical", create, "alerting", "a year"],
  ["reminder", "trigger", "critical", create, "alerting", "a year"],
  ["resolved", "resolve", "info", close, "ok", noon + 252_000],
  ["written once it was over", "resolve", "info", close, "ok", noon + 252_000],
  ["test", "trigger", "info", create, "alerting", opened.at + 300_000],
  ["end of a test", "resolve", "info", close, "ok", opened.at],
]

describe.each(told)("on-call services are told of %s", (name, action, severity, path, state, ends) => {
  const alert: Alert = alerts[name]

  it("by what it does to their alert", () => {
    const event = bodyOf(configs.pagerduty, alert)
    assert.deepInclude(event, { event_action: action, dedup_key: opened.incidentId })
    assert.deepInclude(event["payload"], { severity, class: alert.change })
    assert.strictEqual(pathOf(configs.opsgenie, alert), path)
    assert.deepInclude(bodyOf(configs.grafanaOnCall, alert), { state, alert_uid: opened.incidentId })
    const until = ends === "a year" ? alert.at + 365 * 86_400_000 : ends
    assert.deepInclude(bodyOf(configs.alertmanager, alert), { endsAt: new Date(until).toISOString() })
  })

  it("with what a person wrote", () => {
    const { note } = alert
    if (note === null) return
    for (const kind of ["pagerduty", "opsgenie", "grafanaOnCall", "alertmanager"] as const) {
      assert.include(JSON.stringify(bodyOf(configs[kind], alert)), note, kind)
    }
  })
})

describe("what is opened by a message", () => {
  it("stays open until its end is told at those that know no other end", () => {
    const kinds = ["pagerduty", "opsgenie", "grafanaOnCall", "alertmanager", "slack", "webhook"] as const
    assert.deepStrictEqual(kinds.filter(keepsOpen), ["pagerduty", "opsgenie", "grafanaOnCall"])
  })
})
