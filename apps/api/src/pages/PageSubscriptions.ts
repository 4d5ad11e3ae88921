import { createHash, randomBytes, randomUUID } from "node:crypto"
import { EmailAddress } from "@uptime/alerting/ChannelFields"
import { deliveryTimeoutMs, postMessage } from "@uptime/alerting/Delivery"
import { Mailer } from "@uptime/alerting/Mailer"
import { SubscriberHttp } from "@uptime/alerting/SubscriberHttp"
import { subscriptionUrl } from "@uptime/alerting/SubscriberMessage"
import { challengeMessage, isAccepted, webhookAddress } from "@uptime/alerting/SubscriberWebhook"
import { ServiceUnavailable, type TooManyRequests } from "@uptime/contract/ApiErrors"
import { PageSubscribers, type SubscriberKind, type Subscription } from "@uptime/persistence/PageSubscribers"
import type { ServedPage } from "@uptime/persistence/PublicPages"
import { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { SecretBox } from "@uptime/runtime/SecretBox"
import type { PageLinks } from "@uptime/statuspage/PageLinks"
import { confirmationMail } from "@uptime/statuspage/SubscriberMail"
import { Clock, Context, Effect, Exit, Layer, Option, Schema } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { RateLimits, type RateRule } from "../auth/RateLimits.ts"
import { clientNetwork } from "../http/ClientAddress.ts"
import { storeCall } from "../StoreCall.ts"

/**
 * How often somebody asks to be told: from one place, on one page, and for one address, which is written to each time. A host
 * has a limit of its own, whatever its addresses are.
 */
export const subscribeRules = {
  network: { name: "subscribe-network", limit: 20, windowMs: 3_600_000 },
  page: { name: "subscribe-page", limit: 500, windowMs: 3_600_000 },
  address: { name: "subscribe-address", limit: 3, windowMs: 3_600_000 },
  host: { name: "subscribe-host", limit: 10, windowMs: 3_600_000 },
} as const satisfies Record<string, RateRule>

/** Who is told by pages: what visitors do about it themselves. */
export class PageSubscriptions extends Context.Tag("@uptime/api/PageSubscriptions")<
  PageSubscriptions,
  {
    /**
     * How visitors of a page can be told: by email where there is a mail server, to a webhook where there is a key to seal
     * secrets with, and by neither where the page has no address for links.
     */
    readonly ways: (page: ServedPage) => ReadonlyArray<SubscriberKind>
    /**
     * Asks for a subscription, and writes to the address so that it is confirmed. Whether the address is one that is told
     * already, nobody learns. False for what is no email address, or no https URL of a public host.
     *
     * @param address as it was typed
     * @param from the address of whoever asks
     */
    readonly ask: (
      page: ServedPage,
      links: PageLinks,
      kind: SubscriberKind,
      address: string,
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
const hashOf = (text: string, length: number): string =>
  createHash("sha256").update(text).digest("hex").slice(0, length)

/** Where somebody is told, with what its limits are counted by; null for what is no address. */
const targetOf = (
  kind: SubscriberKind,
  text: string,
): { readonly address: string; readonly host: string | null } | null => {
  if (kind === "webhook") {
    const url = webhookAddress(text)
    return url === null ? null : { address: url.href, host: url.host }
  }
  const email = text.trim().toLowerCase()
  return isEmail(email) ? { address: email, host: null } : null
}

const make = Effect.gen(function* () {
  const subscribers = yield* PageSubscribers
  const limits = yield* RateLimits
  const mailer = yield* Mailer
  const http = yield* SubscriberHttp
  const secrets = yield* SecretBox
  const settings = yield* ApiSettings
  const scope = yield* Effect.scope
  const canSeal = Exit.isSuccess(yield* Effect.exit(secrets.seal("")))

  const mail = (page: ServedPage, links: PageLinks, email: string, { token }: Subscription) => {
    const name = `page.confirm.${hashOf(token, 16)}`
    return mailer.send(
      {
        _tag: "Mail",
        to: [email],
        ...confirmationMail(page.view, subscriptionUrl(links, "confirm", token)),
        messageName: name,
        threadName: `${name}.thread`,
        server: null,
      },
      deliveryTimeoutMs,
    )
  }

  const challenge = Effect.fnUntraced(
    function* (page: ServedPage, links: PageLinks, address: string, { signingSecret, token }: Subscription) {
      if (signingSecret === null) return
      const challenge = randomUUID()
      const message = challengeMessage({
        address,
        page: page.view,
        links,
        token,
        signingSecret: yield* secrets.unseal(signingSecret),
        challenge,
        at: yield* Clock.currentTimeMillis,
      })
      const answer = yield* postMessage("webhook", message, `challenge-${challenge}`)
      if (isAccepted(answer, challenge)) yield* subscribers.confirm(page.id, token)
    },
    Effect.provideService(GuardedHttp, http),
  )

  const noted = <A, E extends { readonly message: string }, R>(asking: Effect.Effect<A, E, R>) =>
    Effect.catchAll(asking, ({ message }) =>
      Effect.annotateLogs(Effect.logWarning("a subscription could not be asked about"), { reason: message }),
    )

  /** What messages to a webhook are signed with, as Standard Webhooks writes keys. */
  const newSecret = (kind: SubscriberKind) =>
    kind === "email"
      ? Effect.succeed(null)
      : Effect.mapError(secrets.seal(`whsec_${randomBytes(32).toString("base64")}`), () => ServiceUnavailable.after(60))

  return PageSubscriptions.of({
    ways: ({ view }) => {
      if (view.domain === null && Option.isNone(settings.publicUrl)) return []
      return [...(mailer.hasServer ? (["email"] as const) : []), ...(canSeal ? (["webhook"] as const) : [])]
    },

    ask: Effect.fn("PageSubscriptions.ask")(function* (page, links, kind, text, from) {
      const target = targetOf(kind, text)
      if (target === null) return false
      const { address, host } = target
      yield* limits.consume([
        { rule: subscribeRules.network, subject: clientNetwork(from) },
        { rule: subscribeRules.page, subject: page.id },
        { rule: subscribeRules.address, subject: hashOf(address, 32) },
        ...(host === null ? [] : [{ rule: subscribeRules.host, subject: host }]),
      ])
      const asked = yield* storeCall(subscribers.ask(page.id, kind, address, yield* newSecret(kind)))
      if (asked === null || asked.isConfirmed) return true
      // Not waited for: how long it takes would tell whether the address is one that is told already, or what answers there.
      const asking =
        kind === "email" ? noted(mail(page, links, address, asked)) : noted(challenge(page, links, address, asked))
      yield* Effect.forkIn(asking, scope)
      return true
    }),

    isKnown: (page, token) => (isToken(token) ? storeCall(subscribers.isKnown(page.id, token)) : Effect.succeed(false)),

    confirm: (page, token) => (isToken(token) ? storeCall(subscribers.confirm(page.id, token)) : Effect.succeed(false)),

    end: (page, token) => (isToken(token) ? storeCall(subscribers.end(page.id, token)) : Effect.void),
  })
})
