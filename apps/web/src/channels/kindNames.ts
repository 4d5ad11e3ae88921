import type { ChannelKind } from "./fields.ts"

/** Every kind that a channel may be of. */
const kindNames: { readonly [K in ChannelKind]: K } = {
  email: "email",
  ntfy: "ntfy",
  pushover: "pushover",
  gotify: "gotify",
  twilioSms: "twilioSms",
  slack: "slack",
  discord: "discord",
  telegram: "telegram",
  teams: "teams",
  googleChat: "googleChat",
  mattermost: "mattermost",
  rocketChat: "rocketChat",
  matrix: "matrix",
  zulip: "zulip",
  pagerduty: "pagerduty",
  opsgenie: "opsgenie",
  grafanaOnCall: "grafanaOnCall",
  alertmanager: "alertmanager",
  webhook: "webhook",
  homeAssistant: "homeAssistant",
  apprise: "apprise",
}

/** The kind that a value names; undefined where it names none. */
export const readKind = (value: unknown): ChannelKind | undefined =>
  Object.values(kindNames).find((kind) => kind === value)
