import { markup, styleElement } from "./Markup.ts"
import type { PageLinks } from "./PageLinks.ts"
import { pageStyle } from "./PageStyle.ts"
import type { PublicPage } from "./PublicPage.ts"
import { statusClass, statusIcon, statusIcons } from "./StatusIcons.ts"
import { wordsOf } from "./Words.ts"

/** A small document to embed elsewhere: how all is, and a link to the page that opens beside what embeds it. */
export const widgetHtml = (page: PublicPage, links: PageLinks): string => {
  const { texts } = wordsOf(page)
  return `<!DOCTYPE html>${markup`<html lang="${page.language}" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${page.title}</title>${styleElement(`${pageStyle(page.accent)}body{background:none}main{padding:2px}a{color:inherit;text-decoration:none}h1{font-size:1rem}`)}</head><body>${statusIcons}<main><a class="c q r" href="${links.page}" target="_blank" rel="noopener"><h1>${page.title}</h1><span class="t ${statusClass[page.status]}">${statusIcon(page.status)}${texts.overall[page.status]}</span></a></main></body></html>`}`
}
