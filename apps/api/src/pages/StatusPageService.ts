import {
  AddressTaken,
  LimitReached,
  type NotFound,
  ReferenceRefused,
  type ServiceUnavailable,
  type TooManyRequests,
  type ValidationFailed,
} from "@uptime/contract/ApiErrors"
import { defaultLimit } from "@uptime/contract/Page"
import type {
  LogoUpload,
  StatusPageCreate,
  StatusPageEdit,
  StatusPagePage,
  StatusPageQuery,
  StatusPageView,
} from "@uptime/contract/StatusPageView"
import { challengeName, isProof } from "@uptime/domain/DomainProof"
import type { StatusPageId, UserId } from "@uptime/domain/Ids"
import { PageDomains } from "@uptime/persistence/PageDomains"
import { PublicPages } from "@uptime/persistence/PublicPages"
import type { StatusPage } from "@uptime/persistence/StatusPage"
import { StatusPages } from "@uptime/persistence/StatusPages"
import { TxtRecords } from "@uptime/prober/TxtRecords"
import { Context, Effect, Either, Layer, Option } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { PasswordHasher } from "../auth/PasswordHasher.ts"
import { RateLimits, type RateRule } from "../auth/RateLimits.ts"
import { pageOf } from "../PageOf.ts"
import { storeCall } from "../StoreCall.ts"
import { logoImage } from "./LogoImage.ts"
import { completeSettings, newPage, refused, storedChanges } from "./PageSettings.ts"
import { ServedPages } from "./ServedPages.ts"
import { ownedPage, statusPageView } from "./StatusPageAnswer.ts"

/** Why settings are not taken. */
type SettingsError = ValidationFailed | AddressTaken | ReferenceRefused

/** A person's status pages. Every method sees those of `userId` alone, and no monitors but theirs. */
export class StatusPageService extends Context.Tag("@uptime/api/StatusPageService")<
  StatusPageService,
  {
    /** Makes a page. */
    readonly create: (
      userId: UserId,
      input: StatusPageCreate,
    ) => Effect.Effect<StatusPageView, SettingsError | LimitReached | ServiceUnavailable>
    /** A page of status pages, newest first. */
    readonly list: (userId: UserId, query: StatusPageQuery) => Effect.Effect<StatusPagePage, ServiceUnavailable>
    /** One page. */
    readonly get: (userId: UserId, id: StatusPageId) => Effect.Effect<StatusPageView, NotFound | ServiceUnavailable>
    /** Changes what `changes` names. */
    readonly edit: (
      userId: UserId,
      id: StatusPageId,
      changes: StatusPageEdit,
    ) => Effect.Effect<StatusPageView, SettingsError | NotFound | ServiceUnavailable>
    /** Deletes a page with its subscribers. */
    readonly remove: (userId: UserId, id: StatusPageId) => Effect.Effect<void, NotFound | ServiceUnavailable>
    /** Gives a page a logo. */
    readonly setLogo: (
      userId: UserId,
      id: StatusPageId,
      upload: LogoUpload,
    ) => Effect.Effect<StatusPageView, ValidationFailed | NotFound | ServiceUnavailable>
    /** Takes the logo away. */
    readonly removeLogo: (
      userId: UserId,
      id: StatusPageId,
    ) => Effect.Effect<StatusPageView, NotFound | ServiceUnavailable>
    /**
     * Looks up now whether the page's own host name is proven to be its owner's, and gives it another 7 days. At most 20 times
     * in 10 minutes per account.
     */
    readonly checkDomain: (
      userId: UserId,
      id: StatusPageId,
    ) => Effect.Effect<StatusPageView, NotFound | TooManyRequests | ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const pages = yield* StatusPages
  const settings = yield* ApiSettings
  const hasher = yield* PasswordHasher
  const shown = yield* PublicPages
  const served = yield* ServedPages
  const domains = yield* PageDomains
  const records = yield* TxtRecords
  const limits = yield* RateLimits
  const ownHost = Option.getOrNull(Option.map(settings.publicUrl, (url) => new URL(url).hostname))

  /** What was changed is shown at once; where that fails, a producer builds it within seconds. */
  const show = (page: StatusPage): Effect.Effect<StatusPageView> =>
    storeCall(shown.build(page.id)).pipe(
      Effect.catchAll((error) => Effect.logDebug("a status page is built by the next producer", error)),
      Effect.zipRight(served.changed),
      Effect.as(statusPageView(page)),
    )

  return StatusPageService.of({
    create: Effect.fn("StatusPageService.create")(function* (userId, input) {
      const changes = yield* storedChanges(hasher, ownHost, userId, input)
      const next = yield* completeSettings({ ...newPage, ...changes, slug: input.slug, title: input.title })
      const created = storeCall(pages.create(userId, next)).pipe(
        Effect.catchTags({
          TooManyStatusPages: ({ limit }) => LimitReached.of("status pages", limit),
          PageAddressTaken: ({ field }) => AddressTaken.of(field),
          MonitorNotFound: unknownMonitor,
        }),
      )
      return yield* show(yield* created)
    }),

    list: Effect.fn("StatusPageService.list")(function* (userId, { cursor, limit = defaultLimit }) {
      const found = yield* storeCall(pages.list(userId, limit + 1, cursor ?? null))
      const { items, nextCursor } = pageOf(found, limit, ({ createdAt, id }) => ({ createdAt, id }))
      return { items: items.map(statusPageView), nextCursor }
    }),

    get: Effect.fn("StatusPageService.get")((userId, id) =>
      Effect.map(ownedPage(pages.get(userId, id)), statusPageView),
    ),

    edit: Effect.fn("StatusPageService.edit")(function* (userId, id, input) {
      const changes = yield* storedChanges(hasher, ownHost, userId, input)
      const edited = ownedPage(pages.update(userId, id, (before) => completeSettings({ ...before, ...changes }))).pipe(
        Effect.catchTags({
          PageAddressTaken: ({ field }) => AddressTaken.of(field),
          MonitorNotFound: unknownMonitor,
        }),
      )
      return yield* show(yield* edited)
    }),

    remove: Effect.fn("StatusPageService.remove")((userId, id) =>
      Effect.zipLeft(ownedPage(pages.remove(userId, id)), served.changed),
    ),

    setLogo: Effect.fn("StatusPageService.setLogo")(function* (userId, id, { data }) {
      const logo = yield* Either.match(logoImage(data), {
        onLeft: (message) => refused("data", message),
        onRight: Effect.succeed,
      })
      return yield* show(yield* ownedPage(pages.setLogo(userId, id, logo)))
    }),

    removeLogo: Effect.fn("StatusPageService.removeLogo")((userId, id) =>
      Effect.flatMap(ownedPage(pages.setLogo(userId, id, null)), show),
    ),

    checkDomain: Effect.fn("StatusPageService.checkDomain")(function* (userId, id) {
      yield* limits.consume([{ rule: checkDomainRule, subject: userId }])
      const claim = yield* ownedPage(domains.takeOf(userId, id))
      if (claim !== null) {
        const texts = yield* Effect.option(records.lookup(challengeName(claim.host), lookupLimitMs))
        // Where no name server answers, nothing is learnt.
        if (Option.isSome(texts)) {
          yield* storeCall(isProof(texts.value, claim.token) ? domains.proven(claim) : domains.missing(claim))
        }
      }
      return yield* Effect.flatMap(ownedPage(pages.get(userId, id)), show)
    }),
  })
})

/** How often the owner of pages has host names looked up. */
export const checkDomainRule = { name: "check-domain", limit: 20, windowMs: 600_000 } as const satisfies RateRule

/** How long a look-up may take, in milliseconds. */
const lookupLimitMs = 5_000

/** Foreign and unknown monitors are said alike. */
const unknownMonitor = () =>
  new ReferenceRefused({ message: "sections: you have no monitor with an id that is given here." })
