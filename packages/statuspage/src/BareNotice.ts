import type { PageLanguage } from "@uptime/domain/StatusPage"
import { markup, styleElement } from "./Markup.ts"
import { pageStyle } from "./PageStyle.ts"
import { textsOf } from "./Texts.ts"

/** The accent of what is no page's. */
const accent = "#2563eb"

/** A short answer where no page is known that could frame it: that there is none, or that it cannot be shown now. */
export const bareNoticeHtml = (language: PageLanguage, notice: "notFound" | "away"): string => {
  const { forms } = textsOf(language)
  return `<!DOCTYPE html>${markup`<html lang="${language}" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${forms[notice]}</title>${styleElement(`${pageStyle(accent)}main{padding-top:2.5rem}`)}</head><body><main><section class="c q"><h1>${forms[notice]}</h1><p>${forms[`${notice}Text`]}</p></section></main></body></html>`}`
}
