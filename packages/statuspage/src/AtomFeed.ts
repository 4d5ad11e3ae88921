import { feedEntries, feedUpdatedAt } from "./FeedEntries.ts"
import { markup, xmlDocument } from "./Markup.ts"
import type { PageLinks } from "./PageLinks.ts"
import type { PublicPage } from "./PublicPage.ts"

/** The media type of Atom. */
export const atomType = "application/atom+xml; charset=utf-8"

const date = (at: number): string => new Date(at).toISOString()

/** A page's incidents and maintenances as Atom (RFC 4287). */
export const atomFeed = (page: PublicPage, links: PageLinks): string => {
  const entries = feedEntries(page, links)
  return xmlDocument(
    markup`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${page.language}"><id>${links.page}</id><title>${page.title}</title>${page.description !== "" && markup`<subtitle>${page.description}</subtitle>`}<updated>${date(feedUpdatedAt(page, entries))}</updated><author><name>${page.title}</name></author><link rel="alternate" type="text/html" href="${links.page}"/><link rel="self" type="application/atom+xml" href="${links.feedUrl("atom")}"/>${entries.map(
      (entry) =>
        markup`<entry><id>${entry.id}</id><title>${entry.title}</title><link rel="alternate" type="text/html" href="${entry.url}"/><published>${date(entry.publishedAt)}</published><updated>${date(entry.updatedAt)}</updated><content type="text">${entry.text}</content></entry>`,
    )}</feed>`,
  )
}
