import {
  AddressTaken,
  LimitReached,
  type NotFound,
  ReferenceRefused,
  ServiceUnavailable,
  ValidationFailed,
} from "@uptime/contract/ApiErrors"
import { defaultLimit } from "@uptime/contract/Page"
import type {
  LogoUpload,
  StatusPageCreate,
  StatusPageEdit,
  StatusPagePage,
  StatusPageQuery,
  StatusPageView,
  SubscriberPage,
  SubscriberQuery,
} from "@uptime/contract/StatusPagesApi"
import type { StatusPageId, SubscriberId, UserId } from "@uptime/domain/Ids"
import { PageSubscribers } from "@uptime/persistence/PageSubscribers"
import { PublicPages } from "@uptime/persistence/PublicPages"
import type { StatusPage, StatusPageSettings } from "@uptime/persistence/StatusPage"
import { StatusPages } from "@uptime/persistence/StatusPages"
import { Context, DateTime, Effect, Either, Layer, Option, Redacted } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { PasswordHasher } from "../auth/PasswordHasher.ts"
import { ownedCalls } from "../OwnedCall.ts"
import { pageOf } from "../PageOf.ts"
import { storeCall } from "../StoreCall.ts"
import { logoImage } from "./LogoImage.ts"

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
    /** A page of those who are told, newest first. */
    readonly subscribers: (
      userId: UserId,
      id: StatusPageId,
      query: SubscriberQuery,
    ) => Effect.Effect<SubscriberPage, NotFound | ServiceUnavailable>
    /** Removes a subscriber. */
    readonly removeSubscriber: (
      userId: UserId,
      id: StatusPageId,
      subscriberId: SubscriberId,
    ) => Effect.Effect<void, NotFound | ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const pages = yield* StatusPages
  const subscribers = yield* PageSubscribers
  const settings = yield* ApiSettings
  const hasher = yield* PasswordHasher
  const shown = yield* PublicPages
  const ownHost = Option.getOrNull(Option.map(settings.publicUrl, (url) => new URL(url).hostname))

  /** The changes as they are stored, the password hashed; a domain that is this installation's own is not taken. */
  const stored = Effect.fnUntraced(function* ({ password, sections, ...changes }: StatusPageEdit) {
    if (changes.domain !== undefined && changes.domain !== null && changes.domain === ownHost) {
      return yield* refused("domain", "is the address of this installation itself")
    }
    const hash =
      password === undefined || password === null
        ? password
        : yield* Effect.mapError(hasher.hash(Redacted.make(password)), () => ServiceUnavailable.after(5))
    return {
      ...changes,
      ...(hash === undefined ? {} : { passwordHash: hash }),
      ...(sections === undefined
        ? {}
        : {
            sections: sections.map(({ monitors, name }) => ({
              name,
              monitors: monitors.map(({ monitorId, name = null }) => ({ monitorId, name })),
            })),
          }),
    } satisfies Partial<StatusPageSettings>
  })

  /** What was changed is shown at once; where that fails, a producer builds it within seconds. */
  const show = (page: StatusPage): Effect.Effect<StatusPageView> =>
    storeCall(shown.build(page.id)).pipe(
      Effect.catchAll((error) => Effect.logDebug("a status page is built by the next producer", error)),
      Effect.as(viewOf(page)),
    )

  return StatusPageService.of({
    create: Effect.fn("StatusPageService.create")(function* (userId, input) {
      const changes = yield* stored(input)
      const next = yield* complete({ ...newPage, ...changes, slug: input.slug, title: input.title })
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
      return { items: items.map(viewOf), nextCursor }
    }),

    get: Effect.fn("StatusPageService.get")((userId, id) => Effect.map(owned(pages.get(userId, id)), viewOf)),

    edit: Effect.fn("StatusPageService.edit")(function* (userId, id, input) {
      const changes = yield* stored(input)
      const edited = owned(pages.update(userId, id, (before) => complete({ ...before, ...changes }))).pipe(
        Effect.catchTags({
          PageAddressTaken: ({ field }) => AddressTaken.of(field),
          MonitorNotFound: unknownMonitor,
        }),
      )
      return yield* show(yield* edited)
    }),

    remove: Effect.fn("StatusPageService.remove")((userId, id) => owned(pages.remove(userId, id))),

    setLogo: Effect.fn("StatusPageService.setLogo")(function* (userId, id, { data }) {
      const logo = yield* Either.match(logoImage(data), {
        onLeft: (message) => refused("data", message),
        onRight: Effect.succeed,
      })
      return yield* show(yield* owned(pages.setLogo(userId, id, logo)))
    }),

    removeLogo: Effect.fn("StatusPageService.removeLogo")((userId, id) =>
      Effect.flatMap(owned(pages.setLogo(userId, id, null)), show),
    ),

    subscribers: Effect.fn("StatusPageService.subscribers")(function* (userId, id, { cursor, limit = defaultLimit }) {
      const found = yield* owned(subscribers.list(userId, id, limit + 1, cursor ?? null))
      const { items, nextCursor } = pageOf(found, limit, ({ createdAt, id }) => ({ createdAt, id }))
      return {
        items: items.map(({ confirmedAt, createdAt, ...subscriber }) => ({
          ...subscriber,
          confirmedAt: confirmedAt === null ? null : DateTime.unsafeMake(confirmedAt),
          createdAt: DateTime.unsafeMake(createdAt),
        })),
        nextCursor,
      }
    }),

    removeSubscriber: Effect.fn("StatusPageService.removeSubscriber")((userId, id, subscriberId) =>
      ownedSubscriber(subscribers.remove(userId, id, subscriberId)),
    ),
  })
})

/** What a page is unless it is said. */
const newPage = {
  domain: null,
  description: "",
  language: "en",
  timeZone: "UTC",
  accent: "#2563eb",
  customCss: "",
  visibility: "public",
  passwordHash: null,
  allowedRanges: [],
  noindex: false,
  showsResponse: true,
  sections: [],
} as const satisfies Partial<StatusPageSettings>

/** Fails for a page that nobody could be let in to. */
const complete = <S extends StatusPageSettings>(page: S): Effect.Effect<S, ValidationFailed> => {
  if (page.visibility === "password" && page.passwordHash === null) {
    return refused("password", "is needed for a page that is shown by password")
  }
  return page.visibility === "addresses" && page.allowedRanges.length === 0
    ? refused("allowedRanges", "needs an address for a page that is shown to certain addresses")
    : Effect.succeed(page)
}

const refused = (field: string, message: string): Effect.Effect<never, ValidationFailed> =>
  ValidationFailed.of([{ path: [field], message }])

const viewOf = ({ createdAt, logo, passwordHash, updatedAt, ...page }: StatusPage): StatusPageView => ({
  ...page,
  hasPassword: passwordHash !== null,
  logo: logo?.type ?? null,
  createdAt: DateTime.unsafeMake(createdAt),
  updatedAt: DateTime.unsafeMake(updatedAt),
})

/** Calls that name a page, and those that name a subscriber of one. */
const owned = ownedCalls("StatusPageNotFound", "status page")
const ownedSubscriber = ownedCalls("SubscriberNotFound", "subscriber")

/** Foreign and unknown monitors are said alike. */
const unknownMonitor = () =>
  new ReferenceRefused({ message: "sections: you have no monitor with an id that is given here." })
