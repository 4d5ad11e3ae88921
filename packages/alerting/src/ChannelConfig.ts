import { SealedSecret, SecretText } from "@uptime/domain/Secret"
import { Schema } from "effect"
import { alertmanagerConfig } from "./channels/alertmanager.ts"
import { appriseConfig } from "./channels/apprise.ts"
import { discordConfig } from "./channels/discord.ts"
import { emailConfig } from "./channels/email.ts"
import { googleChatConfig } from "./channels/googleChat.ts"
import { gotifyConfig } from "./channels/gotify.ts"
import { grafanaOnCallConfig } from "./channels/grafanaOnCall.ts"
import { homeAssistantConfig } from "./channels/homeAssistant.ts"
import { matrixConfig } from "./channels/matrix.ts"
import { mattermostConfig } from "./channels/mattermost.ts"
import { ntfyConfig } from "./channels/ntfy.ts"
import { opsgenieConfig } from "./channels/opsgenie.ts"
import { pagerdutyConfig } from "./channels/pagerduty.ts"
import { pushoverConfig } from "./channels/pushover.ts"
import { rocketChatConfig } from "./channels/rocketChat.ts"
import { slackConfig } from "./channels/slack.ts"
import { teamsConfig } from "./channels/teams.ts"
import { telegramConfig } from "./channels/telegram.ts"
import { twilioSmsConfig } from "./channels/twilioSms.ts"
import { webhookConfig } from "./channels/webhook.ts"
import { zulipConfig } from "./channels/zulip.ts"

/**
 * The settings of a channel of any kind, told apart by `kind`.
 *
 * @param secret how secrets are written
 */
const channelConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Union(
    webhookConfig(secret),
    emailConfig(secret),
    slackConfig(secret),
    discordConfig(secret),
    telegramConfig(secret),
    teamsConfig(secret),
    pagerdutyConfig(secret),
    opsgenieConfig(secret),
    ntfyConfig(secret),
    gotifyConfig(secret),
    pushoverConfig(secret),
    matrixConfig(secret),
    mattermostConfig(secret),
    googleChatConfig(secret),
    rocketChatConfig(secret),
    zulipConfig(secret),
    twilioSmsConfig(secret),
    homeAssistantConfig(secret),
    grafanaOnCallConfig(secret),
    alertmanagerConfig(secret),
    appriseConfig(secret),
  )

/** The settings of a channel in the API: secrets are written once and never shown (`SecretText`). */
export const ChannelConfig = channelConfig(SecretText()).annotations({ identifier: "ChannelConfig" })
export type ChannelConfig = typeof ChannelConfig.Type

/** The settings of a channel as they are stored, with sealed secrets. */
export const StoredChannelConfig = channelConfig(SealedSecret)
export type StoredChannelConfig = typeof StoredChannelConfig.Type

/** The settings of a channel as they are used, with secrets in plain: never stored, shown or logged. */
export const PlainChannelConfig = channelConfig(Schema.String)
export type PlainChannelConfig = typeof PlainChannelConfig.Type

/** Which provider a channel speaks to. */
export type ChannelKind = PlainChannelConfig["kind"]
