import { isIP } from "node:net"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import type { ServiceUnavailable } from "@uptime/contract/ApiErrors"
import { healthPaths } from "@uptime/runtime/HealthRoutes"
import { noticeHtml, passwordHtml } from "@uptime/statuspage/FormPages"
import { pageLinks } from "@uptime/statuspage/PageLinks"
import { Clock, Context, Effect, Layer, Option } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { clientAddress, trustedProxies } from "../http/ClientAddress.ts"
import { publicOrigin } from "../http/PublicOrigin.ts"
import {
  away,
  awayDocument,
  comeBack,
  document,
  isDocument,
  missing,
  missingDocument,
  notFound,
  privateCache,
  seeOther,
  type Visit,
} from "./PageAnswers.ts"
import { contentOf } from "./PageContent.ts"
import { partHeaders } from "./PageHeaders.ts"
import { pagePath, partOf } from "./PagePath.ts"
import { PagePictures } from "./PagePictures.ts"
import { PageSubscriptions } from "./PageSubscriptions.ts"
import { makeVariants } from "./PageVariants.ts"
import { makePasswordForm } from "./PasswordForm.ts"
import { ServedPages } from "./ServedPages.ts"
import { makeSubscriptionForms } from "./SubscriptionForms.ts"

type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse

/** What everybody may keep, and for how long; shown while it is asked for again, and for a day when we are away. */
const publicCache = "public, max-age=10, stale-while-revalidate=60, stale-if-error=86400"
/** What is named by its content never changes. */
const foreverCache = "public, max-age=31536000, immutable"

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

const make = Effect.gen(function* () {
  const served = yield* ServedPages
  const settings = yield* ApiSettings
  const subscriptions = yield* PageSubscriptions
  const { png } = yield* PagePictures
  const passwords = yield* makePasswordForm
  const forms = yield* makeSubscriptionForms
  const isTrusted = trustedProxies(settings.trustedProxies)
  const variants = makeVariants()
  const ownHost = Option.getOrNull(Option.map(settings.publicUrl, (url) => new URL(url).hostname))

  /** The part itself, for somebody who may see the page. */
  const show = Effect.fnUntraced(
    function* (visit: Visit) {
      const { asked, held, links, request } = visit
      const { page, version } = held
      const now = yield* Clock.currentTimeMillis
      const staleAt = held.isStale ? now : null
      const subscribable = subscriptions.ways(page).length > 0
      const content = asked === null ? null : contentOf(page, asked, { links, png, staleAt, subscribable })
      if (content === null || asked === null) return notFound(visit)
      const isNamed = /[?&]v=[\da-f]{16}(?:&|$)/.test(request.url) && (asked.part === "logo" || asked.part === "style")
      const cache = page.visibility !== "public" ? privateCache : isNamed ? foreverCache : publicCache
      const minute = staleAt === null ? "" : Math.floor(now / 60_000)
      const key = `${version}|${minute}|${links.page}|${JSON.stringify(asked)}`
      return yield* variants(key, request.headers, cache, content)
    },
    Effect.catchTag("PictureUnavailable", () =>
      Effect.succeed(HttpServerResponse.empty({ status: 503, headers: { ...partHeaders, ...comeBack } })),
    ),
  )

  /** What somebody gets who may not see the page: documents say so, all else is not there. */
  const refuse = ({ asked, held, links }: Visit): Response => {
    const { view, visibility } = held.page
    if (!isDocument(asked)) return missing
    return visibility === "password"
      ? document(passwordHtml(view, links), 401)
      : document(noticeHtml(view, links, "refused"), 403)
  }

  const visit = Effect.fnUntraced(function* (one: Visit): Effect.fn.Return<Response> {
    const { asked, held, request } = one
    const { page } = held
    const isForm = asked?.part === "password" || asked?.part === "subscribeWebhook"
    const takesBoth = asked?.part === "subscribe" || asked?.part === "confirm" || asked?.part === "unsubscribe"
    const allowed = isForm ? ["POST"] : takesBoth ? ["GET", "HEAD", "POST"] : ["GET", "HEAD"]
    if (!allowed.includes(request.method)) {
      if (asked?.part === "password" && request.method === "GET") return seeOther(one.links.home)
      if (isForm && request.method === "GET") return seeOther(one.links.subscribe)
      return HttpServerResponse.empty({ status: 405, headers: { ...partHeaders, allow: allowed.join(", ") } })
    }
    // Whoever has the link may, whoever may see the page: a mail program has no password.
    if (asked?.part === "confirm" || asked?.part === "unsubscribe") return yield* forms.decide(asked.part, one)
    if (asked?.part === "password")
      return page.visibility === "password" ? yield* passwords.enter(one) : seeOther(one.links.home)
    if (page.visibility === "addresses" && !held.isAllowed(clientAddress(request, isTrusted))) return refuse(one)
    if (
      page.visibility === "password" &&
      asked?.part !== "style" &&
      asked?.part !== "logo" &&
      !(yield* passwords.hasEntered(one))
    ) {
      return refuse(one)
    }
    if (asked?.part === "subscribe") return yield* forms.subscribe("email", one)
    return asked?.part === "subscribeWebhook" ? yield* forms.subscribe("webhook", one) : yield* show(one)
  })

  const lookedUp = <A>(
    lookup: Effect.Effect<A, ServiceUnavailable>,
    otherwise: Response,
    then: (found: A) => Effect.Effect<Response>,
  ) => Effect.matchEffect(lookup, { onFailure: () => Effect.succeed(otherwise), onSuccess: then })

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
          lookedUp(served.lookup({ domain: domain.toLowerCase() }), away, (held) =>
            Effect.succeed(held === null ? missing : HttpServerResponse.empty({ status: 200, headers: partHeaders })),
          ),
        )
      }
      const at = pagePath(path)
      if (at !== null) {
        const links = pageLinks(publicOrigin(settings, request, isTrusted), at.base)
        const isLookedAt = isDocument(at.asked)
        return Effect.asSome(
          lookedUp(served.lookup({ slug: at.slug }), isLookedAt ? awayDocument(request) : away, (held) =>
            held === null
              ? Effect.succeed(isLookedAt ? missingDocument(request) : missing)
              : visit({ request, held, links, base: at.base, asked: at.asked }),
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
