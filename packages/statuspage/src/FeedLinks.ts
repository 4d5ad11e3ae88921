import { type Markup, markup } from "./Markup.ts"
import type { PageLinks } from "./PageLinks.ts"
import type { Words } from "./Words.ts"

/** Where the feeds of a page are. */
export const feedLinks = (links: PageLinks, words: Words): Markup =>
  markup`${words.labelled(words.texts.page.feeds, "")}<a href="${links.rss}">RSS</a> <a href="${links.atom}">Atom</a> <a href="${links.json}">JSON</a>`
