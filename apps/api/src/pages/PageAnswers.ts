import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { bareNoticeHtml } from "@uptime/statuspage/BareNotice"
import { noticeHtml } from "@uptime/statuspage/FormPages"
import type { PageLinks } from "@uptime/statuspage/PageLinks"
import { acceptedLanguage } from "./AcceptLanguage.ts"
import { documentHeaders, partHeaders } from "./PageHeaders.ts"
import type { PagePart } from "./PagePath.ts"
import type { HeldPage } from "./ServedPages.ts"

/** A request for a part of a page that is there. */
export interface Visit {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly held: HeldPage
  readonly links: PageLinks
  /** The path of the page without a slash at its end. */
  readonly base: string
  readonly asked: PagePart | null
}

/** How long what is for one visitor alone may be kept: not at all. */
export const privateCache = "private, no-store"

/** When to ask again for what cannot be had now. */
export const comeBack = { "retry-after": "5" }

/** A document for one visitor. */
export const document = (
  html: string,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(html, {
    status,
    contentType: "text/html; charset=utf-8",
    headers: { ...documentHeaders(html, true), "cache-control": privateCache, ...headers },
  })

/** A page has no such part. */
export const notFound = ({ held, links }: Pick<Visit, "held" | "links">): HttpServerResponse.HttpServerResponse =>
  document(noticeHtml(held.page.view, links, "notFound"), 404)

/** What a page has to say cannot be known now, to somebody who fills in a form of it. */
export const formAway = ({ held, links }: Pick<Visit, "held" | "links">): HttpServerResponse.HttpServerResponse =>
  document(noticeHtml(held.page.view, links, "away"), 503, comeBack)

/** Leads to another address, by GET. */
export const seeOther = (
  location: string,
  headers: Readonly<Record<string, string>> = {},
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.empty({
    status: 303,
    headers: { ...partHeaders, location, "cache-control": privateCache, ...headers },
  })

/** Whether a part is a document that people look at; none where there is no such part. */
export const isDocument = (asked: PagePart | null): boolean =>
  asked !== null && ["html", "response", "history", "incident"].includes(asked.part)

/** There is no such page, or none for whoever asks. */
export const missing: HttpServerResponse.HttpServerResponse = HttpServerResponse.text(
  "There is no such status page.\n",
  { status: 404, headers: { ...partHeaders, "cache-control": "no-store" } },
)

/** The same to somebody who looks for a document, in their language. */
export const missingDocument = (request: HttpServerRequest.HttpServerRequest): HttpServerResponse.HttpServerResponse =>
  document(bareNoticeHtml(acceptedLanguage(request.headers["accept-language"]), "notFound"), 404)

/** What a page is cannot be known now. */
export const away: HttpServerResponse.HttpServerResponse = HttpServerResponse.text(
  "This status page cannot be shown right now. Please try again soon.\n",
  { status: 503, headers: { ...partHeaders, ...comeBack, "cache-control": "no-store" } },
)

/** The same to somebody who looks for a document, in their language. */
export const awayDocument = (request: HttpServerRequest.HttpServerRequest): HttpServerResponse.HttpServerResponse =>
  document(bareNoticeHtml(acceptedLanguage(request.headers["accept-language"]), "away"), 503, comeBack)
