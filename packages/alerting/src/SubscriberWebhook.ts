import type { PageMessage } from "@uptime/persistence/PageOutbox"
import type { GuardedResponse } from "@uptime/prober/GuardedHttp"
import { checkLiteralUrl, publicOnly } from "@uptime/prober/TargetGuard"
import { linksOf, type PageLinks } from "@uptime/statuspage/PageLinks"
import type { PublicNotice } from "@uptime/statuspage/PublicNotice"
import type { PublicPage } from "@uptime/statuspage/PublicPage"
import { Schema } from "effect"
import { type HttpMessage, jsonField, postJson } from "./Channel.ts"
import { WebUrl } from "./ChannelFields.ts"
import { subscriptionUrl } from "./SubscriberMessage.ts"

/**
 * What webhooks that subscribe to status pages are sent: JSON by Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), with `type`, `timestamp` and
 * `data`. Instants are ISO 8601 in UTC.
 */

const isWebUrl = Schema.is(WebUrl)

/**
 * The address of a webhook as it is kept, from what a visitor typed; null for what is none. Only https is taken, and no
 * address that is not public; what a name stands for is looked at when it is dialled.
 */
export const webhookAddress = (text: string): URL | null => {
  const trimmed = text.trim()
  if (!isWebUrl(trimmed)) return null
  const url = new URL(trimmed)
  if (url.protocol !== "https:" || checkLiteralUrl(publicOnly, url) !== null) return null
  url.hash = ""
  return url.href.length <= maxAddress ? url : null
}

/** The longest address, in UTF-16 code units. */
const maxAddress = 2_000

/** What a webhook is asked, so that nobody is sent anything who did not want it. */
export interface WebhookChallenge {
  readonly address: string
  readonly page: Pick<PublicPage, "title">
  readonly links: PageLinks
  /** What the links carry that confirm the subscription and end it. */
  readonly token: string
  /** What all messages are signed with, this one too. */
  readonly signingSecret: string
  /** What the answer has to hold. */
  readonly challenge: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Asks a webhook whether it wants to be told. It says so by `challenge` in its answer, or somebody opens `confirmUrl`. */
export const challengeMessage = ({
  address,
  at,
  challenge,
  links,
  page,
  signingSecret,
  token,
}: WebhookChallenge): HttpMessage => ({
  ...postJson(address, {
    type: "subscription.challenge",
    timestamp: new Date(at).toISOString(),
    data: {
      challenge,
      page: { title: page.title, url: links.page },
      signingSecret,
      confirmUrl: subscriptionUrl(links, "confirm", token),
      unsubscribeUrl: subscriptionUrl(links, "unsubscribe", token),
    },
  }),
  signingSecret,
})

/**
 * Whether an answer to a challenge says yes: it is the challenge itself, or a JSON object with it as `challenge`. A server that
 * sends back what it was sent says nothing.
 */
export const isAccepted = (answer: GuardedResponse, challenge: string): boolean =>
  answer.status >= 200 &&
  answer.status < 300 &&
  (answer.body.trim() === challenge || jsonField(answer, "challenge") === challenge)

/**
 * Tells a webhook what a page has to tell.
 *
 * @param signingSecret in plain
 * @param publicUrl where the installation is; null where that is not known
 * @returns null where the page has no address that could be linked to
 */
export const webhookMessage = (
  message: PageMessage,
  signingSecret: string,
  publicUrl: string | null,
): HttpMessage | null => {
  const { address, at, notice, page, token } = message
  if (page.domain === null && publicUrl === null) return null
  const links = linksOf(page, publicUrl ?? "")
  return {
    ...postJson(address, {
      type: typeOf(notice),
      timestamp: new Date(at).toISOString(),
      data: {
        page: { title: page.title, url: links.page },
        ...subjectOf(notice, links),
        affected: notice.names,
        unsubscribeUrl: subscriptionUrl(links, "unsubscribe", token),
      },
    }),
    signingSecret,
  }
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

const typeOf = (notice: PublicNotice): string => {
  if ("incident" in notice) return `incident.${notice.change}`
  return notice.change === "cancelled" ? "maintenance.cancelled" : "maintenance.scheduled"
}

const subjectOf = (notice: PublicNotice, links: PageLinks) => {
  if ("maintenance" in notice) {
    const { description, endsAt, id, startsAt, title } = notice.maintenance
    return { maintenance: { id, title, description, startsAt: iso(startsAt), endsAt: iso(endsAt) } }
  }
  const { id, resolvedAt, severity, startedAt, title, updates } = notice.incident
  return {
    incident: {
      id,
      url: links.incidentUrl(id),
      title,
      severity,
      startedAt: iso(startedAt),
      resolvedAt: iso(resolvedAt),
      updates: updates.map(({ at, body, kind }) => ({ at: iso(at), kind, body })),
    },
  }
}
