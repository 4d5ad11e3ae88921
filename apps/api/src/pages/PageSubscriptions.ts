import { createHash } from "node:crypto"
import { EmailAddress } from "@uptime/alerting/ChannelFields"
import { deliveryTimeoutMs } from "@uptime/alerting/Delivery"
import { Mailer } from "@uptime/alerting/Mailer"
import { subscriptionUrl } from "@uptime/alerting/SubscriberMessage"
import type { ServiceUnavailable, TooManyRequests } from "@uptime/contract/ApiErrors"
import { PageSubscribers } from "@uptime/persistence/PageSubscribers"
import type { ServedPage } from "@uptime/persistence/PublicPages"
import type { PageLinks } from "@uptime/statuspage/PageLinks"
import { confirmationMail } from "@uptime/statuspage/SubscriberMail"
import { Context, Effect, Layer, Option, Schema } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { RateLimits, type RateRule } from "../auth/RateLimits.ts"
import { clientNetwork } from "../http/ClientAddress.ts"
import { storeCall } from "../StoreCall.ts"

/** How often somebody asks to be told: from one place, on one page, and for one address, which is written to each time. */
export const subscribeRules = {
  network: { name: "subscribe-network", limit: 20, windowMs: 3_600_000 },
  page: { name: "subscribe-page", limit: 500, windowMs: 3_600_000 },
  address: { name: "subscribe-address", limit: 3, windowMs: 3_600_000 },
} as const satisfies Record<string, RateRule>

/** Who is told by pages: what visitors do about it themselves. */
export class PageSubscriptions extends Context.Tag("@uptime/api/PageSubscriptions")<
  PageSubscriptions,
  {
    /** Whether a page can be subscribed to: there is a mail server, and an address for the links in mails. */
    readonly isPossible: (page: ServedPage) => boolean
    /**
     * Asks for a subscription by email, and writes to the address so that it is confirmed. Whether the address is one that is
     * told already, nobody learns. False for what is no email address.
     *
     * @param from the address of whoever asks
     */
    readonly ask: (
      page: ServedPage,
      links: PageLinks,
      email: string,
      from: string,
    ) => Effect.Effect<boolean, TooManyRequests | ServiceUnavailable>
    /** Whether a token is one of the page's. */
    readonly isKnown: (page: ServedPage, token: string) => Effect.Effect<boolean, ServiceUnavailable>
    /** Confirms a subscription; whether the page has one with this token. */
    readonly confirm: (page: ServedPage, token: string) => Effect.Effect<boolean, ServiceUnavailable>
    /** Ends a subscription, also one that is over already. */
    readonly end: (page: ServedPage, token: string) => Effect.Effect<void, ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.scoped(
    this,
    Effect.suspend(() => make),
  )
}

const isEmail = Schema.is(EmailAddress)
const isToken = (text: string): boolean => /^[\w-]{32}$/.test(text)

const make = Effect.gen(function* () {
  const subscribers = yield* PageSubscribers
  const limits = yield* RateLimits
  const mailer = yield* Mailer
  const settings = yield* ApiSettings
  const scope = yield* Effect.scope

  const write = (page: ServedPage, links: PageLinks, email: string, token: string) => {
    const name = createHash("sha256").update(token).digest("hex").slice(0, 16)
    return mailer
      .send(
        {
          _tag: "Mail",
          to: [email],
          ...confirmationMail(page.view, subscriptionUrl(links, "confirm", token)),
          messageName: `page.confirm.${name}`,
          threadName: `page.confirm.${name}.thread`,
          server: null,
        },
        deliveryTimeoutMs,
      )
      .pipe(
        Effect.catchAll(({ message }) =>
          Effect.logWarning("a subscription's confirmation was not sent").pipe(
            Effect.annotateLogs({ reason: message }),
          ),
        ),
      )
  }

  return PageSubscriptions.of({
    isPossible: ({ view }) => mailer.hasServer && (view.domain !== null || Option.isSome(settings.publicUrl)),

    ask: Effect.fn("PageSubscriptions.ask")(function* (page, links, text, from) {
      const email = text.trim().toLowerCase()
      if (!isEmail(email)) return false
      yield* limits.consume([
        { rule: subscribeRules.network, subject: clientNetwork(from) },
        { rule: subscribeRules.page, subject: page.id },
        { rule: subscribeRules.address, subject: createHash("sha256").update(email).digest("hex").slice(0, 32) },
      ])
      const asked = yield* storeCall(subscribers.ask(page.id, "email", email, null))
      // Not waited for: how long it takes would tell whether the address is one that is told already.
      if (asked !== null && !asked.isConfirmed) yield* Effect.forkIn(write(page, links, email, asked.token), scope)
      return true
    }),

    isKnown: (page, token) => (isToken(token) ? storeCall(subscribers.isKnown(page.id, token)) : Effect.succeed(false)),

    confirm: (page, token) => (isToken(token) ? storeCall(subscribers.confirm(page.id, token)) : Effect.succeed(false)),

    end: (page, token) => (isToken(token) ? storeCall(subscribers.end(page.id, token)) : Effect.void),
  })
})
