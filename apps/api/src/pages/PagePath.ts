/** What of a page a path asks for. */
export type PagePart =
  | { readonly part: "html" | "response" | "summary" | "logo" | "style" | "picture" | "widget" }
  | { readonly part: "password" | "subscribe" | "subscribeWebhook" | "confirm" | "unsubscribe" }
  | { readonly part: "history"; readonly month: string }
  | { readonly part: "incident"; readonly id: string }
  | { readonly part: "feed"; readonly format: "rss" | "atom" | "json" }
  | { readonly part: "badge"; readonly publicId: string; readonly badge: string; readonly format: "svg" | "json" }

/** Where a page is served, and what of it is asked for; null where nothing is. */
export interface PagePath {
  readonly slug: string
  /** The path of the page without a slash at its end. */
  readonly base: string
  readonly asked: PagePart | null
}

/** What a path below `/status/` asks for; null for any other path. */
export const pagePath = (path: string): PagePath | null => {
  const [, slug, isSummary, rest = ""] = /^\/status\/([a-z0-9-]{1,63})(\.json)?(\/.*)?$/.exec(path) ?? []
  if (slug === undefined) return null
  const base = `/status/${slug}`
  if (isSummary === undefined) return { slug, base, asked: partOf(rest) }
  return { slug, base, asked: rest === "" ? { part: "summary" } : null }
}

/** What a path within a page asks for; null for nothing that a page has. */
export const partOf = (rest: string): PagePart | null => {
  const fixed = parts.get(rest)
  if (fixed !== undefined) return fixed
  const [, month] = /^\/history\/(\d{4}-\d\d)$/.exec(rest) ?? []
  if (month !== undefined) return { part: "history", month }
  const [, id] = /^\/incidents\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/.exec(rest) ?? []
  if (id !== undefined) return { part: "incident", id }
  const [, publicId, badge, format] = /^\/badges\/([\w-]{12})\/([a-z0-9-]{1,20})\.(svg|json)$/.exec(rest) ?? []
  if (publicId === undefined || badge === undefined) return null
  return { part: "badge", publicId, badge, format: format === "svg" ? "svg" : "json" }
}

const parts: ReadonlyMap<string, PagePart> = new Map<string, PagePart>([
  ["", { part: "html" }],
  ["/", { part: "html" }],
  ["/response-times", { part: "response" }],
  ["/summary.json", { part: "summary" }],
  ["/logo", { part: "logo" }],
  ["/style.css", { part: "style" }],
  ["/og.png", { part: "picture" }],
  ["/widget", { part: "widget" }],
  ["/password", { part: "password" }],
  ["/subscribe", { part: "subscribe" }],
  ["/subscribe/webhook", { part: "subscribeWebhook" }],
  ["/confirm", { part: "confirm" }],
  ["/unsubscribe", { part: "unsubscribe" }],
  ["/feed.rss", { part: "feed", format: "rss" }],
  ["/feed.atom", { part: "feed", format: "atom" }],
  ["/feed.json", { part: "feed", format: "json" }],
])
