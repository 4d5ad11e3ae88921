import { feedEntries, feedUpdatedAt } from "./FeedEntries.ts"
import { markup, xmlDocument } from "./Markup.ts"
import type { PageLinks } from "./PageLinks.ts"
import type { PublicPage } from "./PublicPage.ts"

/** The media type of RSS. */
export const rssType = "application/rss+xml; charset=utf-8"

const date = (at: number): string => new Date(at).toUTCString()

/** A page's incidents and maintenances as RSS 2.0 (https://www.rssboard.org/rss-specification). */
export const rssFeed = (page: PublicPage, links: PageLinks): string => {
  const entries = feedEntries(page, links)
  return xmlDocument(
    markup`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>${page.title}</title><link>${links.page}</link><description>${page.description === "" ? page.title : page.description}</description><language>${page.language}</language><lastBuildDate>${date(feedUpdatedAt(page, entries))}</lastBuildDate><ttl>5</ttl><atom:link href="${links.feedUrl("rss")}" rel="self" type="application/rss+xml"/>${entries.map(
      (entry) =>
        markup`<item><title>${entry.title}</title><link>${entry.url}</link><guid isPermaLink="false">${entry.id}</guid><pubDate>${date(entry.publishedAt)}</pubDate><description>${entry.text}</description></item>`,
    )}</channel></rss>`,
  )
}
