import { type MarkupPart, markup, styleElement } from "./Markup.ts"
import type { PageLinks } from "./PageLinks.ts"
import { pageStyle } from "./PageStyle.ts"
import type { PublicPage } from "./PublicPage.ts"
import { statusIcons } from "./StatusIcons.ts"
import type { Words } from "./Words.ts"

/** What of a page is around all that it shows. */
export type PageFrame = Pick<
  PublicPage,
  "title" | "description" | "language" | "timeZone" | "accent" | "logo" | "customCss" | "noindex"
>

/** How the document is framed. */
export interface ShellOptions {
  /** What the tab is called before the page's title; null for the page itself. */
  readonly heading: string | null
  /** Whether the document must not be found by search engines, whatever the page says. */
  readonly noindex?: boolean
  /** Whether the page can be subscribed to by email. */
  readonly subscribable?: boolean
  /** What the document's style sheet says besides what all pages say. */
  readonly css?: string
  /** What stands below all; nothing unless given. */
  readonly footer?: MarkupPart
}

/**
 * A whole document: no script, no style attribute, and nothing from elsewhere. It has one `style` element, whose hash a
 * Content-Security-Policy may name.
 */
export const pageShell = (
  frame: PageFrame,
  links: PageLinks,
  words: Words,
  options: ShellOptions,
  content: MarkupPart,
): string => {
  const { texts } = words
  const title = options.heading === null ? frame.title : `${options.heading} · ${frame.title}`
  const description = frame.description === "" ? frame.title : frame.description
  const isHidden = frame.noindex || options.noindex === true
  const home = markup`<a href="${links.home}">${frame.logo === null ? frame.title : markup`<img src="${links.logo(frame.logo.hash)}" alt="${frame.title}" height="48">`}</a>`
  return `<!DOCTYPE html>${markup`<html lang="${frame.language}" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><meta name="description" content="${description}">${isHidden ? markup`<meta name="robots" content="noindex">` : markup`<link rel="canonical" href="${links.page}">`}<meta property="og:type" content="website"><meta property="og:title" content="${title}"><meta property="og:description" content="${description}"><meta property="og:url" content="${links.page}"><meta property="og:image" content="${links.picture}"><meta name="twitter:card" content="summary_large_image"><link rel="alternate" type="application/rss+xml" title="RSS" href="${links.rss}"><link rel="alternate" type="application/atom+xml" title="Atom" href="${links.atom}"><link rel="alternate" type="application/feed+json" title="JSON Feed" href="${links.json}">${styleElement(`${pageStyle(frame.accent)}${options.css ?? ""}`)}${frame.customCss !== null && markup`<link rel="stylesheet" href="${links.style(frame.customCss)}">`}</head><body><a class="h" href="#main">${texts.page.skip}</a>${statusIcons}<header>${options.heading === null ? markup`<h1>${home}</h1>` : markup`<strong>${home}</strong>`}${options.subscribable === true && markup`<a class="z" href="${links.subscribe}">${texts.forms.subscribe}</a>`}${options.heading === null && frame.description !== "" && markup`<p class="x">${frame.description}</p>`}</header><main id="main">${content}</main><footer>${options.footer}</footer></body></html>`}`
}
