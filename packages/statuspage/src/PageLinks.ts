import type { PublicPage } from "./PublicPage.ts"

/** Where the parts of a page are. Addresses of people and feeds are whole (`https://…`), others are paths. */
export interface PageLinks {
  /** The page itself, whole. */
  readonly page: string
  /** The page itself, as a path. */
  readonly home: string
  readonly history: (month: string) => string
  readonly incident: (id: string) => string
  /** The charts of response times of all items. */
  readonly responseTimes: string
  /** The page of an incident, whole. */
  readonly incidentUrl: (id: string) => string
  readonly rss: string
  readonly atom: string
  readonly json: string
  /** The feeds, whole. */
  readonly feedUrl: (format: "rss" | "atom" | "json") => string
  /** The picture that is shown where the page is linked to, whole. */
  readonly picture: string
  readonly subscribe: string
  readonly subscribeWebhook: string
  readonly password: string
  readonly logo: (hash: string) => string
  readonly style: (hash: string) => string
}

/**
 * The addresses of a page's parts.
 *
 * @param origin scheme and host, such as `https://status.example.com`
 * @param base the path of the page without a slash at its end: `/status/acme`, or nothing on a domain of its own
 */
export const pageLinks = (origin: string, base: string): PageLinks => ({
  page: `${origin}${base === "" ? "/" : base}`,
  home: base === "" ? "/" : base,
  history: (month) => `${base}/history/${month}`,
  responseTimes: `${base}/response-times`,
  incident: (id) => `${base}/incidents/${id}`,
  incidentUrl: (id) => `${origin}${base}/incidents/${id}`,
  rss: `${base}/feed.rss`,
  atom: `${base}/feed.atom`,
  json: `${base}/feed.json`,
  feedUrl: (format) => `${origin}${base}/feed.${format}`,
  picture: `${origin}${base}/og.png`,
  subscribe: `${base}/subscribe`,
  subscribeWebhook: `${base}/subscribe/webhook`,
  password: `${base}/password`,
  logo: (hash) => `${base}/logo?v=${encodeURIComponent(hash.toWellFormed())}`,
  style: (hash) => `${base}/style.css?v=${encodeURIComponent(hash.toWellFormed())}`,
})

/** The addresses of a page that has a domain of its own, or is below `/status` of the installation. */
export const linksOf = (page: Pick<PublicPage, "slug" | "domain">, origin: string): PageLinks =>
  page.domain === null ? pageLinks(origin, `/status/${page.slug}`) : pageLinks(`https://${page.domain}`, "")
