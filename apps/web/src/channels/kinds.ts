import type { ChannelKind, KindDescription } from "./fields.ts"
import { alertmanager } from "./kinds/alertmanager.ts"
import { apprise } from "./kinds/apprise.ts"
import { discord } from "./kinds/discord.ts"
import { email } from "./kinds/email.ts"
import { googleChat } from "./kinds/googleChat.ts"
import { gotify } from "./kinds/gotify.ts"
import { grafanaOnCall } from "./kinds/grafanaOnCall.ts"
import { homeAssistant } from "./kinds/homeAssistant.ts"
import { matrix } from "./kinds/matrix.ts"
import { mattermost } from "./kinds/mattermost.ts"
import { ntfy } from "./kinds/ntfy.ts"
import { opsgenie } from "./kinds/opsgenie.ts"
import { pagerduty } from "./kinds/pagerduty.ts"
import { pushover } from "./kinds/pushover.ts"
import { rocketChat } from "./kinds/rocketChat.ts"
import { slack } from "./kinds/slack.ts"
import { teams } from "./kinds/teams.ts"
import { telegram } from "./kinds/telegram.ts"
import { twilioSms } from "./kinds/twilioSms.ts"
import { webhook } from "./kinds/webhook.ts"
import { zulip } from "./kinds/zulip.ts"

const byKind: { readonly [K in ChannelKind]: KindDescription<K> } = {
  email,
  ntfy,
  pushover,
  gotify,
  twilioSms,
  slack,
  discord,
  telegram,
  teams,
  googleChat,
  mattermost,
  rocketChat,
  matrix,
  zulip,
  pagerduty,
  opsgenie,
  grafanaOnCall,
  alertmanager,
  webhook,
  homeAssistant,
  apprise,
}

/** Every kind of channel, in the order in which they are offered. */
export const kinds: ReadonlyArray<KindDescription> = Object.values(byKind)

/** What is known of a kind. */
export const kindOf = (kind: ChannelKind): KindDescription => byKind[kind]

/** The kinds that what was typed may mean: each of its words is in what is known of them. */
export const findKinds = (typed: string): ReadonlyArray<KindDescription> => {
  const words = typed.toLowerCase().split(/\s+/)
  return kinds.filter(({ about, group, label, words: more = "" }) => {
    const known = `${label} ${about} ${group} ${more}`.toLowerCase()
    return words.every((word) => known.includes(word))
  })
}
