import type { BadgeKind } from "@uptime/statuspage/BadgeText"

/** How what is embedded is written. */
export const embedForms = ["markdown", "html", "url", "shields"] as const
export type EmbedForm = (typeof embedForms)[number]

/** The words for each badge. */
export const badgeWords: Readonly<Record<BadgeKind, string>> = {
  status: "Status",
  "uptime-24h": "Uptime, 24 hours",
  "uptime-7d": "Uptime, 7 days",
  "uptime-30d": "Uptime, 30 days",
  "uptime-90d": "Uptime, 90 days",
  response: "Response time",
  certificate: "Certificate",
}

/**
 * The text that embeds a badge.
 *
 * @param page the address of its page, without a slash at its end
 * @param badge the badge's address without its ending
 * @param alt what it shows, in words
 */
export const badgeCode = (form: EmbedForm, page: string, badge: string, alt: string): string => {
  switch (form) {
    case "markdown":
      return `[![${alt.replaceAll(/[\\[\]]/g, "\\$&")}](${badge}.svg)](${page})`
    case "html":
      return `<a href="${page}"><img src="${badge}.svg" alt="${escaped(alt)}" height="20"></a>`
    case "url":
      return `${badge}.svg`
    case "shields":
      return `https://img.shields.io/endpoint?url=${encodeURIComponent(`${badge}.json`)}`
  }
}

/** The HTML that embeds a page's widget. */
export const widgetCode = (page: string, title: string): string =>
  `<iframe src="${page}/widget" title="${escaped(title)}" width="320" height="96" loading="lazy" style="border:0"></iframe>`

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
