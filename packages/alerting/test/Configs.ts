import type { ChannelKind, PlainChannelConfig } from "@uptime/alerting/ChannelConfig"

/** A secret that must never be seen outside a request. */
export const secret = "s3cr3t-T0ken"

/** Settings of each kind of channel, with secrets in plain. */
export const configs: { readonly [C in PlainChannelConfig as C["kind"]]: C } = {
  webhook: {
    kind: "webhook",
    url: "https://hooks.example.com/a?b=c",
    signingSecret: secret,
    headers: [{ name: "X-Team", value: "ops" }],
    secretHeaders: [{ name: "Authorization", value: `Bearer ${secret}` }],
    reference: "team-a",
  },
  email: { kind: "email", to: ["ops@example.com"] },
  slack: { kind: "slack", url: `https://hooks.slack.com/services/T0/B0/${secret}` },
  discord: { kind: "discord", url: `https://discord.com/api/webhooks/1/${secret}`, threadId: "1234567890123456789" },
  telegram: { kind: "telegram", token: `123456:${secret}`, chatId: "-1001234567890", threadId: 7 },
  teams: {
    kind: "teams",
    url: `https://prod-01.westeurope.logic.azure.com/workflows/0/triggers/manual/paths/invoke?sig=${secret}`,
  },
  pagerduty: { kind: "pagerduty", routingKey: secret },
  opsgenie: { kind: "opsgenie", apiKey: secret, region: "eu" },
  ntfy: { kind: "ntfy", topic: "ops_alerts", auth: { type: "bearer", token: secret } },
  gotify: { kind: "gotify", server: "https://gotify.example.com/push/", token: secret },
  pushover: { kind: "pushover", token: secret, user: "u5er", device: "phone", sound: "siren" },
  matrix: { kind: "matrix", server: "https://matrix.example.com", token: secret, roomId: "!abc:example.com" },
  mattermost: { kind: "mattermost", url: `https://chat.example.com/hooks/${secret}`, channel: "ops" },
  googleChat: {
    kind: "googleChat",
    url: `https://chat.googleapis.com/v1/spaces/AAA/messages?key=k&token=${secret}`,
  },
  rocketChat: { kind: "rocketChat", url: `https://rocket.example.com/hooks/1/${secret}`, channel: "#ops" },
  zulip: {
    kind: "zulip",
    server: "https://example.zulipchat.com",
    email: "bot@example.com",
    apiKey: secret,
    channel: "ops",
    topic: "alerts",
  },
  twilioSms: {
    kind: "twilioSms",
    accountSid: `AC${"0".repeat(32)}`,
    authToken: secret,
    from: "+15005550006",
    to: "+4915112345678",
  },
  homeAssistant: {
    kind: "homeAssistant",
    server: "http://homeassistant.local:8123",
    token: secret,
    service: "mobile_app_phone",
  },
  grafanaOnCall: {
    kind: "grafanaOnCall",
    url: `https://oncall.example.com/integrations/v1/formatted_webhook/${secret}/`,
  },
  alertmanager: {
    kind: "alertmanager",
    server: "http://alertmanager:9093",
    auth: { type: "basic", username: "ops", password: secret },
    labels: [{ name: "team", value: "ops" }],
  },
  apprise: { kind: "apprise", server: "http://apprise:8000", urls: `mailto://user:${secret}@example.com` },
}

/** What each provider answers to a message that it takes. */
export const acceptances: Readonly<Record<ChannelKind, { readonly status?: number; readonly body: string }>> = {
  webhook: { status: 204, body: "" },
  email: { body: "" },
  slack: { body: "ok" },
  discord: { body: '{"id":"1","type":0}' },
  telegram: { body: '{"ok":true,"result":{"message_id":1}}' },
  teams: { status: 202, body: "" },
  pagerduty: { status: 202, body: '{"status":"success","message":"Event processed","dedup_key":"x"}' },
  opsgenie: { status: 202, body: '{"result":"Request will be processed","took":0.3,"requestId":"x"}' },
  ntfy: { body: '{"id":"x","time":1,"event":"message","topic":"ops_alerts"}' },
  gotify: { body: '{"id":1,"appid":1}' },
  pushover: { body: '{"status":1,"request":"x"}' },
  matrix: { body: '{"event_id":"$x"}' },
  mattermost: { body: "ok" },
  googleChat: { body: '{"name":"spaces/AAA/messages/x"}' },
  rocketChat: { body: '{"success":true}' },
  zulip: { body: '{"result":"success","msg":"","id":1}' },
  twilioSms: { status: 201, body: '{"sid":"SMx","status":"queued"}' },
  homeAssistant: { body: "[]" },
  grafanaOnCall: { body: "Ok." },
  alertmanager: { body: "" },
  apprise: { body: "" },
}
