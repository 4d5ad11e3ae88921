import type { ServedPage } from "@uptime/persistence/PublicPages"
import { atomFeed, atomType } from "@uptime/statuspage/AtomFeed"
import { badgeJson, badgeSvg } from "@uptime/statuspage/Badge"
import { badgeKinds, badgeText } from "@uptime/statuspage/BadgeText"
import { hasHistory, historyHtml } from "@uptime/statuspage/HistoryHtml"
import { incidentHtml, incidentOf } from "@uptime/statuspage/IncidentHtml"
import { jsonFeed, jsonFeedType } from "@uptime/statuspage/JsonFeed"
import { openGraphSvg } from "@uptime/statuspage/OpenGraphSvg"
import { pageHtml } from "@uptime/statuspage/PageHtml"
import type { PageLinks } from "@uptime/statuspage/PageLinks"
import { hasResponseTimes, responseHtml } from "@uptime/statuspage/ResponseHtml"
import { rssFeed, rssType } from "@uptime/statuspage/RssFeed"
import { widgetHtml } from "@uptime/statuspage/WidgetHtml"
import { wordsOf } from "@uptime/statuspage/Words"
import { Clock, Effect } from "effect"
import { documentHeaders, sharedHeaders } from "./PageHeaders.ts"
import type { PagePart } from "./PagePath.ts"
import type { PictureUnavailable } from "./PagePictures.ts"
import type { Content } from "./PageVariants.ts"

/** What pictures are set in: see `drawPicture`. */
const pictureFont = "DejaVu Sans"

/** How a part of a page is shown. */
export interface ShowOptions {
  readonly links: PageLinks
  /** When it is shown, in milliseconds since the epoch, where it may be out of date; null where it is not. */
  readonly staleAt: number | null
  /** Whether it can be subscribed to by email. */
  readonly subscribable: boolean
  /** Draws an SVG document as PNG. */
  readonly png: (svg: string) => Effect.Effect<Uint8Array, PictureUnavailable>
}

/** What a part of a page is, for everybody who may see the page; null where the page has no such part. */
export const contentOf = (
  { customCss, logo, view }: ServedPage,
  asked: PagePart,
  { links, png, staleAt, subscribable }: ShowOptions,
): Effect.Effect<Content, PictureUnavailable> | null => {
  const document = (html: () => string, ancestors?: "*") =>
    Effect.sync((): Content => {
      const body = html()
      return { body, type: "text/html; charset=utf-8", headers: documentHeaders(body, view.noindex, ancestors) }
    })
  const shared = (type: string, body: () => string | Uint8Array) =>
    Effect.sync((): Content => ({ body: body(), type, headers: { ...sharedHeaders, ...robots(view.noindex) } }))

  switch (asked.part) {
    case "html":
      return document(() => pageHtml(view, links, { subscribable, ...(staleAt === null ? {} : { staleAt }) }))
    case "response":
      return hasResponseTimes(view) ? document(() => responseHtml(view, links)) : null
    case "history":
      return hasHistory(view, asked.month) ? document(() => historyHtml(view, asked.month, links)) : null
    case "incident": {
      const incident = incidentOf(view, asked.id)
      return incident === null ? null : document(() => incidentHtml(view, incident, links))
    }
    case "widget":
      return document(() => widgetHtml(view, links), "*")
    case "summary":
      return shared("application/json; charset=utf-8", () => JSON.stringify({ ...view, isStale: staleAt !== null }))
    case "picture":
      return Effect.flatMap(png(openGraphSvg(view, pictureFont)), (bytes) => shared("image/png", () => bytes))
    case "style":
      return customCss === "" ? null : shared("text/css; charset=utf-8", () => customCss)
    case "logo":
      return logo === null ? null : shared(logo.type, () => logo.bytes)
    case "feed":
      if (asked.format === "rss") return shared(rssType, () => rssFeed(view, links))
      return asked.format === "atom"
        ? shared(atomType, () => atomFeed(view, links))
        : shared(jsonFeedType, () => jsonFeed(view, links))
    case "badge": {
      const kind = badgeKinds.find((known) => known === asked.badge)
      const item = view.sections.flatMap(({ items }) => items).find(({ publicId }) => publicId === asked.publicId)
      if (kind === undefined || item === undefined) return null
      // A page that shows no response times shows them in no badge either.
      if (kind === "response" && item.response === null) return null
      return Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const text = badgeText(item, kind, now, wordsOf(view))
        return asked.format === "svg"
          ? shared("image/svg+xml; charset=utf-8", () => badgeSvg(text))
          : shared("application/json; charset=utf-8", () => badgeJson(text))
      })
    }
    default:
      return null
  }
}

const robots = (noindex: boolean): Readonly<Record<string, string>> => (noindex ? { "x-robots-tag": "noindex" } : {})
