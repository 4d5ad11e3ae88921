import { feedEntries } from "./FeedEntries.ts"
import type { PageLinks } from "./PageLinks.ts"
import type { PublicPage } from "./PublicPage.ts"

/** The media type of JSON Feed. */
export const jsonFeedType = "application/feed+json; charset=utf-8"

/** A page's incidents and maintenances as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). */
export const jsonFeed = (page: PublicPage, links: PageLinks): string =>
  JSON.stringify({
    version: "https://jsonfeed.org/version/1.1",
    title: page.title,
    home_page_url: links.page,
    feed_url: links.feedUrl("json"),
    ...(page.description === "" ? {} : { description: page.description }),
    language: page.language,
    authors: [{ name: page.title, url: links.page }],
    items: feedEntries(page, links).map((entry) => ({
      id: entry.id,
      url: entry.url,
      title: entry.title,
      content_text: entry.text,
      date_published: new Date(entry.publishedAt).toISOString(),
      date_modified: new Date(entry.updatedAt).toISOString(),
    })),
  })
