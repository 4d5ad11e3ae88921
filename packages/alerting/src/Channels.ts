import type { GuardedResponse } from "@uptime/prober/GuardedHttp"
import type { Alert } from "./Alert.ts"
import type { Channel, HttpMessage, MailMessage } from "./Channel.ts"
import type { ChannelKind, PlainChannelConfig } from "./ChannelConfig.ts"
import { alertmanager } from "./channels/alertmanager.ts"
import { apprise } from "./channels/apprise.ts"
import { discord } from "./channels/discord.ts"
import { email } from "./channels/email.ts"
import { googleChat } from "./channels/googleChat.ts"
import { gotify } from "./channels/gotify.ts"
import { grafanaOnCall } from "./channels/grafanaOnCall.ts"
import { homeAssistant } from "./channels/homeAssistant.ts"
import { matrix } from "./channels/matrix.ts"
import { mattermost } from "./channels/mattermost.ts"
import { ntfy } from "./channels/ntfy.ts"
import { opsgenie } from "./channels/opsgenie.ts"
import { pagerduty } from "./channels/pagerduty.ts"
import { pushover } from "./channels/pushover.ts"
import { rocketChat } from "./channels/rocketChat.ts"
import { slack } from "./channels/slack.ts"
import { teams } from "./channels/teams.ts"
import { telegram } from "./channels/telegram.ts"
import { twilioSms } from "./channels/twilioSms.ts"
import { webhook } from "./channels/webhook.ts"
import { zulip } from "./channels/zulip.ts"

/** The settings of each kind of channel. */
type Configs = { readonly [C in PlainChannelConfig as C["kind"]]: C }

/** Every kind of channel. */
export const channels: { readonly [K in ChannelKind]: Channel<Configs[K]> } = {
  webhook,
  email,
  slack,
  discord,
  telegram,
  teams,
  pagerduty,
  opsgenie,
  ntfy,
  gotify,
  pushover,
  matrix,
  mattermost,
  googleChat,
  rocketChat,
  zulip,
  twilioSms,
  homeAssistant,
  grafanaOnCall,
  alertmanager,
  apprise,
}

/** The provider's name of a kind, as people write it. */
export const labelOf = (kind: ChannelKind): string => channels[kind].label

/** The message that tells people of an alert through a channel. */
export const messageOf = (config: PlainChannelConfig, alert: Alert): HttpMessage | MailMessage =>
  ofKind(config.kind, config, alert)

const ofKind = <K extends ChannelKind>(kind: K, config: Configs[K], alert: Alert): HttpMessage | MailMessage =>
  channels[kind].message(config, alert)

/** What a channel asks for before the message of an alert, such as that telephones stop ringing; null where it asks nothing. */
export const withdrawalOf = (config: PlainChannelConfig, alert: Alert): HttpMessage | null =>
  withdrawalOfKind(config.kind, config, alert)

const withdrawalOfKind = <K extends ChannelKind>(kind: K, config: Configs[K], alert: Alert): HttpMessage | null =>
  channels[kind].withdrawal?.(config, alert) ?? null

/** Whether an answer of 200 to 299 of a provider says that the message was taken. */
export const isDelivered = (kind: ChannelKind, answer: GuardedResponse): boolean =>
  channels[kind].isDelivered?.(answer) ?? true

/** What a status of a provider means that says that a message was not taken; null where it says nothing special. */
export const refusalOf = (kind: ChannelKind, status: number): string | null => channels[kind].refusals?.[status] ?? null

/** Whether what a message opens at a provider stays open until one says that it is over. */
export const keepsOpen = (kind: ChannelKind): boolean => channels[kind].keepsOpen ?? false

/** For how many seconds the body of a provider's answer asks to be left alone; null where it says nothing of it. */
export const retryAfterSeconds = (kind: ChannelKind, answer: GuardedResponse): number | null =>
  channels[kind].retryAfterSeconds?.(answer) ?? null
