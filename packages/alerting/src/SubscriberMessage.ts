import type { PageMessage } from "@uptime/persistence/PageOutbox"
import { linksOf, type PageLinks } from "@uptime/statuspage/PageLinks"
import { incidentMail, maintenanceMail, type SubscriberMail } from "@uptime/statuspage/SubscriberMail"
import type { MailMessage } from "./Channel.ts"

/** What a link to a subscription does. */
export type SubscriptionAction = "confirm" | "unsubscribe"

/** Where a subscription is confirmed, or ended. */
export const subscriptionUrl = (links: PageLinks, action: SubscriptionAction, token: string): string =>
  `${links.page.replace(/\/$/, "")}/${action}?token=${encodeURIComponent(token)}`

/**
 * The email that tells a subscriber what a page has to tell, in the page's language.
 *
 * @param publicUrl where the installation is; null where that is not known
 * @returns null where the page has no address that could be linked to
 */
export const subscriberMessage = (message: PageMessage, publicUrl: string | null): MailMessage | null => {
  const { address, id, notice, noticeId, page, token } = message
  if (page.domain === null && publicUrl === null) return null
  const links = linksOf(page, publicUrl ?? "")
  const unsubscribeUrl = subscriptionUrl(links, "unsubscribe", token)
  const subjectId = "maintenance" in notice ? notice.maintenance.id : notice.incident.id
  return {
    _tag: "Mail",
    to: [address],
    ...mailOf(message, links, unsubscribeUrl),
    messageName: `page.${noticeId}.${id}`,
    threadName: `page.${subjectId}.${message.subscriberId}`,
    server: null,
    unsubscribeUrl,
  }
}

const mailOf = ({ notice, page }: PageMessage, links: PageLinks, unsubscribeUrl: string): SubscriberMail => {
  if ("maintenance" in notice) {
    const news = notice.change === "cancelled" ? "cancelled" : "scheduled"
    return maintenanceMail(page, notice.maintenance, news, links, unsubscribeUrl)
  }
  const [update] = notice.incident.updates
  const news =
    notice.change === "updated" && update !== undefined
      ? ({ _tag: "updated", update } as const)
      : ({ _tag: notice.change === "resolved" ? "resolved" : "opened" } as const)
  return incidentMail(page, notice.incident, news, links, unsubscribeUrl)
}
