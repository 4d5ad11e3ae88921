import { assert, describe, it } from "@effect/vitest"
import type { Alert } from "@uptime/alerting/Alert"
import type { ChannelKind, PlainChannelConfig } from "@uptime/alerting/ChannelConfig"
import { deliver } from "@uptime/alerting/Delivery"
import { Mailer } from "@uptime/alerting/Mailer"
import { Effect, Layer } from "effect"
import { opened, reminder, resolved } from "./Alerts.ts"
import { acceptances, configs, secret } from "./Configs.ts"
import { type Received, receiver, reroutedTo } from "./Receiver.ts"

const noMail = Layer.succeed(Mailer, Mailer.of({ send: () => Effect.dieMessage("no email here"), hasServer: true }))

/** What a provider gets that takes the alerts, one after the other. */
const sent = (config: PlainChannelConfig, ...alerts: ReadonlyArray<Alert>) =>
  Effect.gen(function* () {
    const provider = yield* receiver
    provider.answers(acceptances[config.kind])
    yield* Effect.forEach(alerts, (alert) => deliver(config, alert)).pipe(
      Effect.provide(Layer.merge(reroutedTo(provider), noMail)),
    )
    return provider.received()
  })

const jsonOf = (request: Received | undefined): unknown => {
  assert.match(request?.headers["content-type"] ?? "", /^application\/json/)
  return JSON.parse(request?.body ?? "")
}

const formOf = (request: Received | undefined): Readonly<Record<string, string>> => {
  assert.strictEqual(request?.headers["content-type"], "application/x-www-form-urlencoded")
  return Object.fromEntries(new URLSearchParams(request?.body))
}

/** A value inside a JSON document, by the names and numbers that lead to it. */
const at = (json: unknown, ...path: ReadonlyArray<string | number>): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    json,
  )

const addressOf = (request: Received | undefined) => `${request?.method} ${request?.origin}${request?.path}`

const up = "api.example.com is up again after 4 min 12 s"
const still = "Reminder: api.example.com has been down for 1 h"
const basic = (user: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`

/** One test of a provider: opened, resolved and reminded, as it gets them. */
const provider = (
  kind: ChannelKind,
  says: string,
  check: (requests: readonly [Received | undefined, Received | undefined, Received | undefined]) => void,
) =>
  it.scopedLive(`${kind} gets ${says}`, () =>
    Effect.map(sent(configs[kind], opened, resolved, reminder), (requests) => {
      assert.lengthOf(requests, 3)
      check([requests[0], requests[1], requests[2]])
    }),
  )

describe("a chat", () => {
  provider("slack", "blocks of plain text, and a button", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), `POST https://hooks.slack.com/services/T0/B0/${secret}`)
    const blocks = at(jsonOf(first), "blocks")
    assert.deepStrictEqual(at(blocks, 0), {
      type: "header",
      text: { type: "plain_text", text: "api.example.com is down", emoji: false },
    })
    assert.strictEqual(at(blocks, 1, "text", "type"), "plain_text")
    assert.include(String(at(blocks, 1, "text", "text")), "USA: Down: connection refused")
    assert.strictEqual(at(blocks, 2, "elements", 0, "url"), opened.incidentUrl)
    assert.strictEqual(at(jsonOf(first), "text"), "api.example.com is down")
    assert.strictEqual(at(jsonOf(second), "text"), up)
    assert.strictEqual(at(jsonOf(third), "text"), still)
  })

  provider("discord", "one embed that calls nobody", ([first, second, third]) => {
    const path = `/api/webhooks/1/${secret}?wait=true&thread_id=1234567890123456789`
    assert.strictEqual(addressOf(first), `POST https://discord.com${path}`)
    assert.deepStrictEqual(at(jsonOf(first), "allowed_mentions"), { parse: [] })
    assert.strictEqual(at(jsonOf(first), "embeds", 0, "title"), "api\\.example\\.com is down")
    assert.strictEqual(at(jsonOf(first), "embeds", 0, "color"), 0xda3633)
    assert.strictEqual(at(jsonOf(first), "embeds", 0, "timestamp"), "2026-03-01T12:00:05.000Z")
    assert.strictEqual(at(jsonOf(second), "embeds", 0, "color"), 0x2ea043)
    assert.include(String(at(jsonOf(third), "embeds", 0, "title")), "Reminder\\: ")
  })

  provider("telegram", "HTML for a chat and a topic", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), `POST https://api.telegram.org/bot123456:${secret}/sendMessage`)
    const json = jsonOf(first)
    assert.strictEqual(at(json, "chat_id"), "-1001234567890")
    assert.strictEqual(at(json, "message_thread_id"), 7)
    assert.strictEqual(at(json, "parse_mode"), "HTML")
    assert.deepStrictEqual(at(json, "link_preview_options"), { is_disabled: true })
    assert.match(String(at(json, "text")), /^<b>api\.example\.com is down<\/b>\n<b>Since<\/b>: 2026-03-01T12:00:00Z/)
    assert.include(String(at(jsonOf(second), "text")), `<b>${up}</b>`)
    assert.include(String(at(jsonOf(third), "text")), `<b>${still}</b>`)
  })

  provider("teams", "an Adaptive Card", ([first, second, third]) => {
    assert.match(addressOf(first), /^POST https:\/\/prod-01\.westeurope\.logic\.azure\.com\/workflows\/.*sig=/)
    const card = at(jsonOf(first), "attachments", 0, "content")
    assert.strictEqual(at(jsonOf(first), "type"), "message")
    assert.strictEqual(at(jsonOf(first), "attachments", 0, "contentType"), "application/vnd.microsoft.card.adaptive")
    assert.strictEqual(at(card, "type"), "AdaptiveCard")
    assert.deepStrictEqual(at(card, "body", 0), {
      type: "RichTextBlock",
      inlines: [
        { type: "TextRun", text: "api.example.com is down", size: "Large", weight: "Bolder", color: "Attention" },
      ],
    })
    assert.deepStrictEqual(at(card, "actions", 0), {
      type: "Action.OpenUrl",
      title: "Show incident",
      url: opened.incidentUrl,
    })
    assert.strictEqual(at(jsonOf(second), "attachments", 0, "content", "body", 0, "inlines", 0, "color"), "Good")
    assert.strictEqual(at(jsonOf(third), "attachments", 0, "content", "body", 0, "inlines", 0, "text"), still)
  })

  provider("matrix", "one event per message, by its key", ([first, second, third]) => {
    const room = "/_matrix/client/v3/rooms/!abc:example.com/send/m.room.message"
    assert.strictEqual(addressOf(first), `PUT https://matrix.example.com${room}/${opened.idempotencyKey}`)
    assert.strictEqual(addressOf(second), `PUT https://matrix.example.com${room}/${resolved.idempotencyKey}`)
    assert.strictEqual(addressOf(third), `PUT https://matrix.example.com${room}/${reminder.idempotencyKey}`)
    assert.strictEqual(first?.headers["authorization"], `Bearer ${secret}`)
    const json = jsonOf(first)
    assert.strictEqual(at(json, "msgtype"), "m.text")
    assert.strictEqual(at(json, "format"), "org.matrix.custom.html")
    assert.match(String(at(json, "body")), /^api\.example\.com is down\nSince: /)
    assert.match(String(at(json, "formatted_body")), /^<b>api\.example\.com is down<\/b><br>/)
    assert.deepStrictEqual(at(json, "m.mentions"), {})
  })

  provider("mattermost", "an attachment", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), `POST https://chat.example.com/hooks/${secret}`)
    assert.strictEqual(at(jsonOf(first), "channel"), "ops")
    assert.strictEqual(at(jsonOf(first), "attachments", 0, "color"), "#da3633")
    assert.match(String(at(jsonOf(first), "attachments", 0, "text")), /^\*\*api\\\.example\\\.com is down\*\* {2}\n/)
    assert.strictEqual(at(jsonOf(second), "attachments", 0, "color"), "#2ea043")
    assert.include(String(at(jsonOf(third), "attachments", 0, "fallback")), "Reminder")
  })

  provider("googleChat", "a card in the incident's thread", ([first, second, third]) => {
    assert.strictEqual(
      addressOf(first),
      `POST https://chat.googleapis.com/v1/spaces/AAA/messages?key=k&token=${secret}` +
        "&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD",
    )
    for (const request of [first, second, third]) {
      assert.strictEqual(at(jsonOf(request), "thread", "threadKey"), opened.incidentId)
    }
    const card = at(jsonOf(first), "cardsV2", 0, "card")
    assert.strictEqual(at(card, "header", "title"), "api.example.com is down")
    assert.include(String(at(card, "sections", 0, "widgets", 0, "textParagraph", "text")), "<b>Since</b>: ")
    assert.strictEqual(at(jsonOf(second), "fallbackText"), up)
    assert.strictEqual(at(jsonOf(third), "fallbackText"), still)
  })

  provider("rocketChat", "a text and an attachment", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), `POST https://rocket.example.com/hooks/1/${secret}`)
    assert.strictEqual(at(jsonOf(first), "channel"), "#ops")
    assert.strictEqual(at(jsonOf(first), "text"), "**api.example.com is down**")
    assert.strictEqual(at(jsonOf(first), "attachments", 0, "color"), "#da3633")
    assert.strictEqual(at(jsonOf(second), "text"), `**${up}**`)
    assert.include(String(at(jsonOf(third), "text")), "has been down for 1 h")
  })

  provider("zulip", "a form with a topic", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), "POST https://example.zulipchat.com/api/v1/messages")
    assert.strictEqual(first?.headers["authorization"], basic("bot@example.com"))
    const form = formOf(first)
    assert.deepStrictEqual({ ...form, content: "" }, { type: "stream", to: '"ops"', topic: "alerts", content: "" })
    assert.match(form["content"] ?? "", /^\*\*api\.example\.com is down\*\*\n/)
    assert.include(formOf(second)["content"] ?? "", up)
    assert.include(formOf(third)["content"] ?? "", "has been down for 1 h")
  })
})

describe("an on-call service", () => {
  provider("pagerduty", "one alert that is opened and resolved", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), "POST https://events.pagerduty.com/v2/enqueue")
    const json = jsonOf(first)
    assert.strictEqual(at(json, "routing_key"), secret)
    assert.strictEqual(at(json, "event_action"), "trigger")
    assert.deepStrictEqual(at(json, "links"), [{ href: opened.incidentUrl, text: "Show incident" }])
    assert.strictEqual(at(json, "payload", "summary"), "api.example.com is down")
    assert.strictEqual(at(json, "payload", "severity"), "critical")
    assert.strictEqual(at(json, "payload", "source"), "https://api.example.com/health")
    assert.strictEqual(at(json, "payload", "timestamp"), "2026-03-01T12:00:05.000Z")
    assert.strictEqual(at(jsonOf(second), "event_action"), "resolve")
    assert.strictEqual(at(jsonOf(third), "event_action"), "trigger")
    for (const request of [first, second, third]) {
      assert.strictEqual(at(jsonOf(request), "dedup_key"), opened.incidentId)
    }
  })

  provider("opsgenie", "one alert that is created and closed", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), "POST https://api.eu.opsgenie.com/v2/alerts")
    assert.strictEqual(first?.headers["authorization"], `GenieKey ${secret}`)
    const json = jsonOf(first)
    assert.strictEqual(at(json, "message"), "api.example.com is down")
    assert.strictEqual(at(json, "alias"), opened.incidentId)
    assert.strictEqual(at(json, "priority"), "P1")
    assert.deepStrictEqual(at(json, "tags"), ["prod", "eu"])
    assert.strictEqual(
      addressOf(second),
      `POST https://api.eu.opsgenie.com/v2/alerts/${opened.incidentId}/close?identifierType=alias`,
    )
    assert.include(String(at(jsonOf(second), "note")), up)
    assert.strictEqual(at(jsonOf(third), "alias"), opened.incidentId)
  })

  it.scopedLive("is told that somebody acknowledged", () =>
    Effect.gen(function* () {
      const acknowledged: Alert = { ...opened, change: "acknowledged" }
      const [event] = yield* sent(configs.pagerduty, acknowledged)
      assert.strictEqual(at(jsonOf(event), "event_action"), "acknowledge")
      const [request] = yield* sent(configs.opsgenie, acknowledged)
      assert.match(request?.path ?? "", /\/acknowledge\?identifierType=alias$/)
    }),
  )

  provider("grafanaOnCall", "a formatted webhook", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), `POST https://oncall.example.com/integrations/v1/formatted_webhook/${secret}/`)
    const json = jsonOf(first)
    assert.strictEqual(at(json, "alert_uid"), opened.incidentId)
    assert.strictEqual(at(json, "title"), "api.example.com is down")
    assert.strictEqual(at(json, "state"), "alerting")
    assert.strictEqual(at(json, "link_to_upstream_details"), opened.incidentUrl)
    assert.strictEqual(at(jsonOf(second), "state"), "ok")
    assert.strictEqual(at(jsonOf(third), "state"), "alerting")
  })

  provider("alertmanager", "one alert with the same labels, and when it ends", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), "POST http://alertmanager:9093/api/v2/alerts")
    assert.strictEqual(first?.headers["authorization"], basic("ops"))
    const labels = { team: "ops", alertname: "UptimeIncident", incident: opened.incidentId }
    for (const request of [first, second, third]) {
      assert.lengthOf(Object.keys(Object(jsonOf(request))), 1)
      assert.deepStrictEqual(at(jsonOf(request), 0, "labels"), labels)
      assert.strictEqual(at(jsonOf(request), 0, "startsAt"), "2026-03-01T12:00:00.000Z")
    }
    assert.strictEqual(at(jsonOf(first), 0, "annotations", "summary"), "api.example.com is down")
    assert.strictEqual(at(jsonOf(first), 0, "generatorURL"), opened.incidentUrl)
    assert.strictEqual(at(jsonOf(first), 0, "endsAt"), "2027-03-01T12:00:05.000Z")
    assert.strictEqual(at(jsonOf(second), 0, "endsAt"), "2026-03-01T12:04:12.000Z")
    assert.strictEqual(at(jsonOf(third), 0, "endsAt"), "2027-03-01T13:00:00.000Z")
  })
})

describe("a phone", () => {
  provider("ntfy", "JSON at the server's root", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), "POST https://ntfy.sh/")
    assert.strictEqual(first?.headers["authorization"], `Bearer ${secret}`)
    const json = jsonOf(first)
    assert.deepStrictEqual(
      { ...Object(json), message: "" },
      {
        topic: "ops_alerts",
        title: "api.example.com is down",
        message: "",
        priority: 4,
        tags: ["rotating_light"],
        click: opened.incidentUrl,
      },
    )
    assert.strictEqual(at(jsonOf(second), "priority"), 3)
    assert.deepStrictEqual(at(jsonOf(second), "tags"), ["white_check_mark"])
    assert.strictEqual(at(jsonOf(third), "title"), still)
  })

  provider("gotify", "a message with a priority", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), "POST https://gotify.example.com/push/message")
    assert.strictEqual(first?.headers["x-gotify-key"], secret)
    assert.strictEqual(at(jsonOf(first), "title"), "api.example.com is down")
    assert.strictEqual(at(jsonOf(first), "priority"), 8)
    assert.strictEqual(at(jsonOf(first), "extras", "client::display", "contentType"), "text/plain")
    assert.strictEqual(at(jsonOf(first), "extras", "client::notification", "click", "url"), opened.incidentUrl)
    assert.strictEqual(at(jsonOf(second), "priority"), 4)
    assert.strictEqual(at(jsonOf(third), "title"), still)
  })

  provider("pushover", "a form with a priority", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), "POST https://api.pushover.net/1/messages.json")
    const form = formOf(first)
    assert.deepStrictEqual(
      { ...form, message: "" },
      {
        token: secret,
        user: "u5er",
        title: "api.example.com is down",
        message: "",
        priority: "1",
        timestamp: "1772366405",
        device: "phone",
        sound: "siren",
        url: opened.incidentUrl,
        url_title: "Show incident",
      },
    )
    assert.strictEqual(formOf(second)["priority"], "0")
    assert.strictEqual(formOf(third)["title"], still)
  })

  provider("twilioSms", "a short text", ([first, second, third]) => {
    const account = `AC${"0".repeat(32)}`
    assert.strictEqual(addressOf(first), `POST https://api.twilio.com/2010-04-01/Accounts/${account}/Messages.json`)
    assert.strictEqual(first?.headers["authorization"], basic(account))
    const form = formOf(first)
    assert.strictEqual(form["To"], "+4915112345678")
    assert.strictEqual(form["From"], "+15005550006")
    assert.match(form["Body"] ?? "", /^api\.example\.com is down\n/)
    assert.isTrue(form["Body"]?.endsWith(opened.incidentUrl ?? ""))
    assert.include(formOf(second)["Body"] ?? "", up)
    assert.include(formOf(third)["Body"] ?? "", still)
  })

  provider("homeAssistant", "a notification that the next one replaces", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), "POST http://homeassistant.local:8123/api/services/notify/mobile_app_phone")
    assert.strictEqual(first?.headers["authorization"], `Bearer ${secret}`)
    assert.strictEqual(at(jsonOf(first), "title"), "api.example.com is down")
    assert.strictEqual(at(jsonOf(second), "title"), up)
    assert.strictEqual(at(jsonOf(third), "title"), still)
    for (const request of [first, second, third]) {
      assert.strictEqual(at(jsonOf(request), "data", "tag"), opened.incidentId)
    }
  })
})

describe("a program", () => {
  provider("apprise", "a notification with its type", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), "POST http://apprise:8000/notify/")
    const json = jsonOf(first)
    assert.strictEqual(at(json, "urls"), `mailto://user:${secret}@example.com`)
    assert.strictEqual(at(json, "title"), "api.example.com is down")
    assert.strictEqual(at(json, "type"), "failure")
    assert.strictEqual(at(json, "format"), "text")
    assert.strictEqual(at(jsonOf(second), "type"), "success")
    assert.strictEqual(at(jsonOf(third), "title"), still)
  })

  it.scopedLive("keeps its Apprise URLs itself, under a key", () =>
    Effect.gen(function* () {
      const [request] = yield* sent({ kind: "apprise", server: "http://apprise:8000/", key: "ops-team" }, opened)
      assert.strictEqual(request?.path, "/notify/ops-team")
      assert.isUndefined(at(jsonOf(request), "urls"))
    }),
  )

  provider("webhook", "the whole of it, with headers of its own", ([first, second, third]) => {
    assert.strictEqual(addressOf(first), "POST https://hooks.example.com/a?b=c")
    assert.strictEqual(first?.headers["x-team"], "ops")
    assert.strictEqual(first?.headers["authorization"], `Bearer ${secret}`)
    assert.strictEqual(first?.headers["webhook-id"], opened.idempotencyKey)
    assert.deepStrictEqual(jsonOf(first), {
      type: "incident.opened",
      timestamp: "2026-03-01T12:00:05.000Z",
      data: {
        incidentId: opened.incidentId,
        incidentUrl: opened.incidentUrl,
        change: "opened",
        severity: "Down",
        title: "api.example.com is down",
        headline: "api.example.com is down",
        startedAt: "2026-03-01T12:00:00.000Z",
        resolvedAt: null,
        monitors: [
          {
            id: "11111111-2222-4333-8444-555555555555",
            name: "api.example.com",
            url: "https://api.example.com/health",
            kind: "http",
            tags: ["prod", "eu"],
            since: "2026-03-01T12:00:00.000Z",
            reason: "connection refused",
            locations: [
              { location: "USA", status: "Down", message: "connection refused" },
              { location: "India", status: "Up", message: null },
            ],
          },
        ],
        acknowledgedBy: null,
        ending: null,
        monitorCount: 1,
        note: null,
        reference: "team-a",
        sentBy: "uptime.example.com",
      },
    })
    assert.strictEqual(at(jsonOf(second), "type"), "incident.resolved")
    assert.strictEqual(at(jsonOf(second), "data", "resolvedAt"), "2026-03-01T12:04:12.000Z")
    assert.strictEqual(at(jsonOf(third), "type"), "incident.reminder")
  })
})
