import { assert, describe, it } from "@effect/vitest"
import { alertOf } from "@uptime/alerting/AlertOf"
import { factsOf, headline } from "@uptime/alerting/AlertText"
import { ChannelId, IncidentId, MonitorId } from "@uptime/domain/Ids"
import type { OutboxMessage } from "@uptime/persistence/OutboxReads"
import { noon } from "./Alerts.ts"
import { bodyOf, pathOf } from "./ChannelRequests.ts"
import { configs } from "./Configs.ts"

const incidentId = IncidentId.make("3f0c1a52-6c0e-4a4b-9a55-0d6a5ac0c001")
const minutes = (count: number): number => noon + count * 60_000

/** A row of the outbox about one monitor that went down at noon. */
const row = (change: string, resolvedAt: number | null, note: string | null): OutboxMessage => ({
  id: 1,
  incidentId,
  channelId: ChannelId.make("7b0e5f4e-0f3d-4a57-8f5b-6f1f3a6c9002"),
  change,
  at: minutes(10),
  attempts: 0,
  recipientsLeft: null,
  incident: {
    title: "web is down",
    severity: "Down",
    startedAt: noon,
    acknowledgedBy: null,
    resolvedAt,
    resolvedBy: null,
    resolution: null,
    monitors: [
      {
        monitorId: MonitorId.make("11111111-2222-4333-8444-555555555555"),
        name: "web",
        url: "https://example.com/",
        kind: "http",
        tags: [],
        severity: "Down",
        startedAt: noon,
        endedAt: resolvedAt,
        seen: null,
        locations: [],
      },
    ],
    monitorCount: 1,
  },
  config: null,
  confirmedRecipients: [],
  note,
})

const alertFrom = (message: OutboxMessage) => alertOf(message, { publicUrl: null })
const labelsOf = (message: OutboxMessage) => factsOf(alertFrom(message)).map(({ label }) => label)

describe("an update that a person wrote", () => {
  const late = row("note:0190a5f4", minutes(4), "It was the database.")

  it("after the incident was over says what was, and re-opens nothing where alerts are kept", () => {
    assert.strictEqual(headline(alertFrom(late)), "Update: web was down for 4 min")
    assert.include(labelsOf(late), "Lasted")
    assert.notInclude(labelsOf(late), "Since")
    const alert = alertFrom(late)
    assert.deepInclude(bodyOf(configs.pagerduty, alert), { event_action: "resolve", dedup_key: incidentId })
    assert.strictEqual(pathOf(configs.opsgenie, alert), `/v2/alerts/${incidentId}/close?identifierType=alias`)
    assert.include(String(bodyOf(configs.opsgenie, alert)["note"]), "It was the database.")
    assert.deepInclude(bodyOf(configs.grafanaOnCall, alert), { state: "ok", alert_uid: incidentId })
    assert.deepInclude(bodyOf(configs.alertmanager, alert), { endsAt: new Date(minutes(4)).toISOString() })
  })

  it("while it is open says what is", () => {
    const early = row("note:0190a5f4", null, "We are on it.")
    assert.strictEqual(headline(alertFrom(early)), "Update: web is down")
    assert.include(labelsOf(early), "Since")
    assert.deepInclude(bodyOf(configs.pagerduty, alertFrom(early)), { event_action: "trigger" })
  })
})

describe("what is told late", () => {
  it.each([
    ["opened", "web is down"],
    ["settled:1", "web has settled and is down"],
    ["reminder:1", "Reminder: web has been down for 10 min"],
  ])("of %s says what was then, and leaves the end to its own message", (change, text) => {
    const alert = alertFrom(row(change, minutes(4), null))
    assert.strictEqual(headline(alert), text)
    assert.deepInclude(bodyOf(configs.pagerduty, alert), { event_action: "trigger" })
  })
})
