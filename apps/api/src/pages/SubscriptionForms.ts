import type * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import type { SubscriberKind } from "@uptime/persistence/PageSubscribers"
import { noticeHtml, subscribeHtml, subscriptionHtml } from "@uptime/statuspage/FormPages"
import { Effect } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { clientAddress, trustedProxies } from "../http/ClientAddress.ts"
import { readForm } from "../http/RequestBody.ts"
import { document, formAway, notFound, type Visit } from "./PageAnswers.ts"
import { PageSubscriptions } from "./PageSubscriptions.ts"

/** What visitors of a page do to be told by it. */
export interface SubscriptionForms {
  /** The forms that ask for a subscription, and what the one of a kind sends. */
  readonly subscribe: (kind: SubscriberKind, visit: Visit) => Effect.Effect<HttpServerResponse.HttpServerResponse>
  /**
   * What a link in a message leads to. Opening it changes nothing, since mail scanners do: it shows a form. What the form
   * sends, or a mail program by RFC 8058, does it.
   */
  readonly decide: (
    what: "confirm" | "unsubscribe",
    visit: Visit,
  ) => Effect.Effect<HttpServerResponse.HttpServerResponse>
}

/** The forms, before the subscriptions of this installation. */
export const makeSubscriptionForms = Effect.gen(function* () {
  const settings = yield* ApiSettings
  const subscriptions = yield* PageSubscriptions
  const isTrusted = trustedProxies(settings.trustedProxies)

  const forms: SubscriptionForms = {
    subscribe: (kind, visit) => {
      const { held, links, request } = visit
      const { page } = held
      const ways = subscriptions.ways(page)
      const again = (failure: "badEmail" | "badUrl" | "tooMany", status: number, headers = {}) =>
        document(subscribeHtml(page.view, links, ways, failure), status, headers)
      const wrong = kind === "email" ? "badEmail" : "badUrl"
      return Effect.gen(function* () {
        if (request.method !== "POST") {
          return ways.length === 0 ? notFound(visit) : document(subscribeHtml(page.view, links, ways), 200)
        }
        if (!ways.includes(kind)) return notFound(visit)
        const address = (yield* readForm(request)).get(kind === "email" ? "email" : "url") ?? ""
        return (yield* subscriptions.ask(page, links, kind, address, clientAddress(request, isTrusted)))
          ? document(noticeHtml(page.view, links, kind === "email" ? "checkInbox" : "checkReceiver"), 200)
          : again(wrong, 400)
      }).pipe(
        Effect.catchTags({
          TooManyRequests: ({ retryAfterSeconds }) =>
            Effect.succeed(again("tooMany", 429, { "retry-after": String(retryAfterSeconds) })),
          FormRefused: ({ status }) => Effect.succeed(again(wrong, status)),
          ServiceUnavailable: () => Effect.succeed(formAway(visit)),
        }),
      )
    },

    decide: (what, visit) =>
      Effect.gen(function* () {
        const { base, held, links, request } = visit
        const { page } = held
        const token = new URLSearchParams(request.url.split("?")[1] ?? "").get("token") ?? ""
        if (request.method !== "POST") {
          return (yield* subscriptions.isKnown(page, token))
            ? document(
                subscriptionHtml(page.view, links, what, `${base}/${what}?token=${encodeURIComponent(token)}`),
                200,
              )
            : document(noticeHtml(page.view, links, "badLink"), 404)
        }
        if (what === "unsubscribe") {
          yield* subscriptions.end(page, token)
          return document(noticeHtml(page.view, links, "unsubscribed"), 200)
        }
        return (yield* subscriptions.confirm(page, token))
          ? document(noticeHtml(page.view, links, "confirmed"), 200)
          : document(noticeHtml(page.view, links, "badLink"), 404)
      }).pipe(Effect.catchTag("ServiceUnavailable", () => Effect.succeed(formAway(visit)))),
  }
  return forms
})
