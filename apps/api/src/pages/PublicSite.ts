import { isIP } from "node:net"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import type { ServiceUnavailable } from "@uptime/contract/ApiErrors"
import { healthPaths } from "@uptime/runtime/HealthRoutes"
import { noticeHtml, passwordHtml, subscribeHtml, subscriptionHtml } from "@uptime/statuspage/FormPages"
import { type PageLinks, pageLinks } from "@uptime/statuspage/PageLinks"
import { Clock, Context, Effect, Layer, Option, Redacted } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { PasswordHasher } from "../auth/PasswordHasher.ts"
import { RateLimits, type RateRule } from "../auth/RateLimits.ts"
import { clientAddress, clientNetwork, trustedProxies } from "../http/ClientAddress.ts"
import { publicOrigin } from "../http/PublicOrigin.ts"
import { readForm } from "../http/RequestBody.ts"
import { accessCookieName, accessSeconds, accessToken, hasAccess, signingKey } from "./PageAccess.ts"
import { contentOf } from "./PageContent.ts"
import { documentHeaders, partHeaders } from "./PageHeaders.ts"
import { type PagePart, pagePath, partOf } from "./PagePath.ts"
import { PageSubscriptions } from "./PageSubscriptions.ts"
import { makeVariants } from "./PageVariants.ts"
import { type HeldPage, ServedPages } from "./ServedPages.ts"

type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse

/** How often a page's password is tried: from one place, and from all of them. */
export const passwordRules = {
  address: { name: "page-password-address", limit: 10, windowMs: 900_000 },
  page: { name: "page-password", limit: 300, windowMs: 900_000 },
} as const satisfies Record<string, RateRule>

/** What everybody may keep, and for how long; shown while it is asked for again, and for a day when we are away. */
const publicCache = "public, max-age=10, stale-while-revalidate=60, stale-if-error=86400"
/** What is named by its content never changes. */
const foreverCache = "public, max-age=31536000, immutable"
const privateCache = "private, no-store"

/** Where certificates for domains of pages are asked for (Caddy, `on_demand_tls { ask … }`). */
const tlsAskPath = "/tls-ask"

/** The public status pages, and all that belongs to them. */
export class PublicSite extends Context.Tag("@uptime/api/PublicSite")<
  PublicSite,
  {
    /**
     * The answer to a request that a status page is to answer: one below `/status/`, or to the host name of a page. None for
     * all others.
     *
     * @param path the request's path, without its query
     */
    readonly answer: (request: Request, path: string) => Effect.Effect<Option.Option<Response>>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

/** A request for a part of a page that is there. */
interface Visit {
  readonly request: Request
  readonly held: HeldPage
  readonly links: PageLinks
  /** The path of the page without a slash at its end. */
  readonly base: string
  readonly asked: PagePart | null
}

const make = Effect.gen(function* () {
  const served = yield* ServedPages
  const settings = yield* ApiSettings
  const hasher = yield* PasswordHasher
  const limits = yield* RateLimits
  const subscriptions = yield* PageSubscriptions
  const isTrusted = trustedProxies(settings.trustedProxies)
  const variants = makeVariants()
  const accessKey = signingKey(settings.jwtSecret, "access")
  const ownHost = Option.getOrNull(Option.map(settings.publicUrl, (url) => new URL(url).hostname))

  const nowSeconds = Effect.map(Clock.currentTimeMillis, (now) => Math.floor(now / 1000))

  const document = (html: string, status: number, headers: Readonly<Record<string, string>> = {}): Response =>
    HttpServerResponse.text(html, {
      status,
      contentType: "text/html; charset=utf-8",
      headers: { ...documentHeaders(html, true), "cache-control": privateCache, ...headers },
    })

  /** The part itself, for somebody who may see the page. */
  const show = ({ asked, held, links, request }: Visit) =>
    Effect.gen(function* () {
      const { page, version } = held
      const now = yield* Clock.currentTimeMillis
      const staleAt = held.isStale ? now : null
      const content =
        asked === null ? null : contentOf(page, asked, { links, staleAt, subscribable: subscriptions.isPossible(page) })
      if (content === null || asked === null) return notFound(held, links)
      const isNamed = /[?&]v=[\da-f]{16}(?:&|$)/.test(request.url) && (asked.part === "logo" || asked.part === "style")
      const cache = page.visibility !== "public" ? privateCache : isNamed ? foreverCache : publicCache
      const minute = staleAt === null ? "" : Math.floor(now / 60_000)
      return yield* variants(
        `${version}|${minute}|${links.page}|${JSON.stringify(asked)}`,
        request.headers,
        cache,
        content,
      )
    })

  const notFound = ({ page }: HeldPage, links: PageLinks) => document(noticeHtml(page.view, links, "notFound"), 404)

  /** The password that somebody typed, and the cookie for the right one. */
  const enter = ({ held: { page }, links, request }: Visit) =>
    Effect.gen(function* () {
      const network = clientNetwork(clientAddress(request, isTrusted))
      yield* limits.consume([
        { rule: passwordRules.address, subject: `${page.id}@${network}` },
        { rule: passwordRules.page, subject: page.id },
      ])
      const form = yield* readForm(request)
      const isRight = yield* hasher.verify(
        Redacted.make(form.get("password") ?? ""),
        page.passwordHash ?? hasher.dummyHash,
      )
      if (!isRight) return document(passwordHtml(page.view, links, "wrongPassword"), 401)
      const expiresAt = (yield* nowSeconds) + accessSeconds
      const secure = links.page.startsWith("https:") ? "; Secure" : ""
      return HttpServerResponse.empty({
        status: 303,
        headers: {
          ...partHeaders,
          location: links.home,
          "cache-control": privateCache,
          "set-cookie": `${accessCookieName(page)}=${accessToken(accessKey, page, expiresAt)}; Path=/; Max-Age=${accessSeconds}; HttpOnly; SameSite=Lax${secure}`,
        },
      })
    }).pipe(
      Effect.catchTags({
        TooManyRequests: ({ retryAfterSeconds }) =>
          Effect.succeed(
            document(passwordHtml(page.view, links, "tooMany"), 429, { "retry-after": String(retryAfterSeconds) }),
          ),
        HasherUnavailable: () => Effect.succeed(document(passwordHtml(page.view, links, "tooMany"), 503, comeBack)),
        FormRefused: ({ status }) => Effect.succeed(document(passwordHtml(page.view, links, "wrongPassword"), status)),
      }),
    )

  /** The form that asks for a subscription, and what it sends. */
  const subscribe = ({ held: { page }, links, request }: Visit) =>
    Effect.gen(function* () {
      if (request.method !== "POST") return document(subscribeHtml(page.view, links), 200)
      const email = (yield* readForm(request)).get("email") ?? ""
      const isTaken = yield* subscriptions.ask(page, links, email, clientAddress(request, isTrusted))
      return isTaken
        ? document(noticeHtml(page.view, links, "checkInbox"), 200)
        : document(subscribeHtml(page.view, links, "badEmail"), 400)
    }).pipe(
      Effect.catchTags({
        TooManyRequests: ({ retryAfterSeconds }) =>
          Effect.succeed(
            document(subscribeHtml(page.view, links, "tooMany"), 429, { "retry-after": String(retryAfterSeconds) }),
          ),
        FormRefused: ({ status }) => Effect.succeed(document(subscribeHtml(page.view, links, "badEmail"), status)),
        ServiceUnavailable: () => Effect.succeed(document(noticeHtml(page.view, links, "away"), 503, comeBack)),
      }),
    )

  /**
   * What a link in an email leads to. Opening it changes nothing, since mail scanners do: it shows a form. What the form
   * sends, or a mail program by RFC 8058, does it.
   */
  const decide = (what: "confirm" | "unsubscribe", { base, held: { page }, links, request }: Visit) =>
    Effect.gen(function* () {
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
    }).pipe(
      Effect.catchTag("ServiceUnavailable", () =>
        Effect.succeed(document(noticeHtml(page.view, links, "away"), 503, comeBack)),
      ),
    )

  /** What somebody gets who may not see the page: documents say so, all else is not there. */
  const refuse = ({ asked, held, links }: Visit): Response => {
    const { view, visibility } = held.page
    const isDocument = asked?.part === "html" || asked?.part === "history" || asked?.part === "incident"
    if (!isDocument) return missing
    return visibility === "password"
      ? document(passwordHtml(view, links), 401)
      : document(noticeHtml(view, links, "refused"), 403)
  }

  const visit = (one: Visit): Effect.Effect<Response> =>
    Effect.gen(function* () {
      const { asked, held, request } = one
      const { page } = held
      const isForm = asked?.part === "password"
      const takesBoth = asked?.part === "subscribe" || asked?.part === "confirm" || asked?.part === "unsubscribe"
      const allowed = isForm ? ["POST"] : takesBoth ? ["GET", "HEAD", "POST"] : ["GET", "HEAD"]
      if (!allowed.includes(request.method)) {
        if (isForm && request.method === "GET") return seeOther(one.links.home)
        return HttpServerResponse.empty({ status: 405, headers: { ...partHeaders, allow: allowed.join(", ") } })
      }
      // Whoever has the link may, whoever may see the page: a mail program has no password.
      if (asked?.part === "confirm" || asked?.part === "unsubscribe") return yield* decide(asked.part, one)
      if (isForm) return page.visibility === "password" ? yield* enter(one) : seeOther(one.links.home)
      if (page.visibility === "addresses" && !held.isAllowed(clientAddress(request, isTrusted))) return refuse(one)
      if (
        page.visibility === "password" &&
        !hasAccess(accessKey, page, request.headers["cookie"], yield* nowSeconds) &&
        asked?.part !== "style" &&
        asked?.part !== "logo"
      ) {
        return refuse(one)
      }
      if (asked?.part !== "subscribe") return yield* show(one)
      return subscriptions.isPossible(page) ? yield* subscribe(one) : notFound(held, one.links)
    })

  const lookedUp = <A>(lookup: Effect.Effect<A, ServiceUnavailable>, then: (found: A) => Effect.Effect<Response>) =>
    Effect.matchEffect(lookup, { onFailure: () => Effect.succeed(away), onSuccess: then })

  const hostOf = (request: Request): string | null => {
    const byProxy = settings.trustedProxies.length > 0 && Option.exists(request.remoteAddress, isTrusted)
    const host = ((byProxy ? request.headers["x-forwarded-host"] : undefined) ?? request.headers["host"] ?? "")
      .toLowerCase()
      .replace(/:\d+$/, "")
    return host === ownHost || !host.includes(".") || isIP(host) !== 0 || host.length > 253 ? null : host
  }

  return PublicSite.of({
    answer: (request, path) => {
      if (path === tlsAskPath) {
        const domain = new URLSearchParams(request.url.split("?")[1] ?? "").get("domain") ?? ""
        if (domain === "" || domain.length > 253) return Effect.succeedSome(missing)
        return Effect.asSome(
          lookedUp(served.lookup({ domain: domain.toLowerCase() }), (held) =>
            Effect.succeed(held === null ? missing : HttpServerResponse.empty({ status: 200, headers: partHeaders })),
          ),
        )
      }
      const at = pagePath(path)
      if (at !== null) {
        const links = pageLinks(publicOrigin(settings, request, isTrusted), at.base)
        return Effect.asSome(
          lookedUp(served.lookup({ slug: at.slug }), (held) =>
            held === null ? Effect.succeed(missing) : visit({ request, held, links, base: at.base, asked: at.asked }),
          ),
        )
      }
      const host = hostOf(request)
      // What watches this process asks by whichever name, and must not wait for the database.
      if (host === null || healthPaths.includes(path)) return Effect.succeedNone
      return Effect.matchEffect(served.lookup({ domain: host }), {
        // Whether the host is a page's is not known: it is answered as all others are.
        onFailure: () => Effect.succeedNone,
        onSuccess: (held) =>
          held === null
            ? Effect.succeedNone
            : Effect.asSome(
                visit({ request, held, links: pageLinks(`https://${host}`, ""), base: "", asked: partOf(path) }),
              ),
      })
    },
  })
})

const comeBack = { "retry-after": "5" }

const seeOther = (location: string): Response =>
  HttpServerResponse.empty({ status: 303, headers: { ...partHeaders, location, "cache-control": privateCache } })

/** There is no such page, or none for whoever asks. */
const missing: Response = HttpServerResponse.text("There is no such status page.\n", {
  status: 404,
  headers: { ...partHeaders, "cache-control": "no-store" },
})

/** What a page is cannot be known now. */
const away: Response = HttpServerResponse.text("This status page cannot be shown right now. Please try again soon.\n", {
  status: 503,
  headers: { ...partHeaders, ...comeBack, "cache-control": "no-store" },
})
