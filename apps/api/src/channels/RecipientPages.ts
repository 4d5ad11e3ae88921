import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { type RecipientAction, recipientPath } from "@uptime/alerting/RecipientMail"
import { EmailRecipients, refusedDays } from "@uptime/persistence/EmailRecipients"
import { type Markup, type MarkupPart, markup, styleElement } from "@uptime/statuspage/Markup"
import { pageStyle } from "@uptime/statuspage/PageStyle"
import { Context, Effect, Layer } from "effect"
import { documentHeaders } from "../pages/PageHeaders.ts"
import { storeCall } from "../StoreCall.ts"

type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse

/** One of these pages. */
export interface RecipientPage {
  readonly path: string
  readonly action: RecipientAction
}

const pages: ReadonlyArray<RecipientPage> = (["confirm", "refuse"] as const).map((action) => ({
  action,
  path: recipientPath(action),
}))

/** The page that a path is of; null for all other paths. */
export const recipientPageOf = (path: string): RecipientPage | null => pages.find((page) => page.path === path) ?? null

/** What the links lead to in emails that ask whether somebody wants alerts. */
export class RecipientPages extends Context.Tag("@uptime/api/RecipientPages")<
  RecipientPages,
  {
    /**
     * The answer to a request for one of these pages. Opening a link changes nothing, since mail scanners do: it shows a form.
     * What the form sends, or a mail program by RFC 8058, does it.
     */
    readonly answer: (request: Request, page: RecipientPage) => Effect.Effect<Response>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.map(EmailRecipients, (recipients) =>
      RecipientPages.of({
        answer: (request, { action }) =>
          Effect.catchTag(decide(recipients, action, request), "ServiceUnavailable", () => Effect.succeed(away)),
      }),
    ),
  )
}

const isToken = (text: string): boolean => /^[\w-]{32}$/.test(text)

const decide = Effect.fnUntraced(function* (
  recipients: EmailRecipients["Type"],
  action: RecipientAction,
  request: Request,
) {
  if (!["GET", "HEAD", "POST"].includes(request.method)) {
    return HttpServerResponse.empty({ status: 405, headers: { allow: "GET, HEAD, POST" } })
  }
  const token = new URLSearchParams(request.url.split("?")[1] ?? "").get("token") ?? ""
  if (!isToken(token)) return badLink
  if (request.method === "POST") {
    const isDone = yield* storeCall(action === "confirm" ? recipients.confirm(token) : recipients.refuse(token))
    if (!isDone) return badLink
    return action === "confirm" ? confirmed : refused
  }
  const asked = yield* storeCall(recipients.find(token))
  if (asked === null) return badLink
  const { address, askedBy, state } = asked
  if (action === "confirm" && state === "confirmed") return confirmed
  if (action === "confirm" && state !== "awaiting") return badLink
  if (state === "refused") return refused
  const where = `${recipientPath(action)}?token=${encodeURIComponent(token)}`
  return action === "confirm"
    ? document(
        200,
        "Receive alerts?",
        markup`<p>${askedBy} wants to send alerts to ${address}. Nothing is sent until you confirm.</p>${form(where, "Confirm")}`,
      )
    : document(
        200,
        "No alerts?",
        markup`<p>${askedBy} will send no alerts to ${address}, and cannot ask again for ${refusedDays} days.</p>${form(where, "Not me")}`,
      )
})

const form = (action: string, label: string): Markup =>
  markup`<form method="post" action="${action}"><button class="z">${label}</button></form>`

const accent = "#2563eb"

const document = (status: number, heading: string, content: MarkupPart): Response => {
  const html = `<!DOCTYPE html>${markup`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${heading}</title><meta name="robots" content="noindex">${styleElement(pageStyle(accent))}</head><body><main><section class="c q"><h1>${heading}</h1>${content}</section></main></body></html>`}`
  return HttpServerResponse.text(html, {
    status,
    contentType: "text/html; charset=utf-8",
    headers: { ...documentHeaders(html, true), "cache-control": "private, no-store" },
  })
}

const confirmed = document(200, "Confirmed", markup`<p>Alerts are sent to you from now on.</p>`)

const refused = document(
  200,
  "No alerts",
  markup`<p>You are sent nothing. You will not be asked by this account for ${refusedDays} days.</p>`,
)

const badLink = document(
  404,
  "This link does not work",
  markup`<p>It is too old, or not complete. Whoever asked can have a new one sent to you.</p>`,
)

const away = HttpServerResponse.setHeader(
  document(503, "Please try again", markup`<p>This cannot be done right now. Please try again soon.</p>`),
  "retry-after",
  "5",
)
