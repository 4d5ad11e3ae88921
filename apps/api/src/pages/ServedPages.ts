import { ServiceUnavailable } from "@uptime/contract/ApiErrors"
import { type PageKey, PublicPages, type ServedPage } from "@uptime/persistence/PublicPages"
import { WeightedCache } from "@uptime/runtime/WeightedCache"
import { Clock, Context, Deferred, Duration, Effect, Layer, Option } from "effect"
import { type TrustedProxies, trustedProxies } from "../http/ClientAddress.ts"

/** A page as this process holds it. */
export interface HeldPage {
  readonly page: ServedPage
  /** What tells it from any other state of any page; also when only the instant differs that it was built at. */
  readonly version: string
  /** Whether an address is one that the page is shown to. */
  readonly isAllowed: TrustedProxies
  /** Whether it may be out of date: the database is away, or nobody builds pages. */
  readonly isStale: boolean
}

/** How long what was read is shown without asking again, in milliseconds. */
const freshMs = 2_000

/** How long a request waits for news of a page that is held already, and of one that is not. */
const newsLimit = Duration.millis(300)
const readLimit = Duration.millis(2_500)

/** A page that was built longer ago is out of date, in milliseconds: producers build each once a minute. */
const overdueMs = 180_000

/** The most of all pages that are held, in bytes. */
const maxBytes = 64 * 1024 * 1024

/** What is held of a key that no page has, in bytes. */
const emptyBytes = 500

interface Entry {
  /** Whether the database has ever said what the page is; where it has not, it is not asked by every request. */
  readonly isKnown: boolean
  held: HeldPage | null
  stamp: string | null
  checkedAt: number
  /** How many changes were made through this process before it was read. */
  changes: number
}

/**
 * The pages that were asked for lately, in memory: each is asked for again at most every 2 s, whoever wants it, and after a
 * change that was made through this process; it is shown as it was when the database does not answer.
 */
export class ServedPages extends Context.Tag("@uptime/api/ServedPages")<
  ServedPages,
  {
    /** A page; null where there is none. Fails where that cannot be known now. */
    readonly lookup: (key: PageKey) => Effect.Effect<HeldPage | null, ServiceUnavailable>
    /** Says that some page was changed, so that whoever changed it sees that: all are asked for again when they are wanted. */
    readonly changed: Effect.Effect<void>
  }
>() {
  static readonly layerNoDeps = Layer.scoped(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const pages = yield* PublicPages
  const scope = yield* Effect.scope
  const entries = new WeightedCache<Entry>(maxBytes)
  const asked = new Map<string, Deferred.Deferred<Entry>>()
  let changes = 0

  const read = Effect.fnUntraced(function* (key: PageKey, name: string, known: Entry | undefined) {
    const changesBefore = changes
    const found = yield* Effect.option(
      pages.find(key, known?.stamp ?? null).pipe(Effect.disconnect, Effect.timeout(readLimit)),
    )
    const now = yield* Clock.currentTimeMillis
    const look = { checkedAt: now, changes: changesBefore }
    if (Option.isNone(found)) {
      if (known === undefined) {
        const unknown: Entry = { isKnown: false, held: null, stamp: null, ...look }
        entries.set(name, unknown, emptyBytes)
        return unknown
      }
      Object.assign(known, look)
      if (known.held !== null && !known.held.isStale) known.held = { ...known.held, isStale: true }
      return known
    }
    const page = found.value?.page ?? (found.value === null ? null : (known?.held?.page ?? null))
    const entry: Entry =
      found.value === null || page === null
        ? { isKnown: true, held: null, stamp: null, ...look }
        : { isKnown: true, held: heldOf(page, found.value, now), stamp: found.value.stamp, ...look }
    entries.set(name, entry, page === null ? emptyBytes : page.bytes + emptyBytes)
    return entry
  })

  const ask = Effect.fnUntraced(function* (key: PageKey, name: string, known: Entry | undefined) {
    const underWay = asked.get(name)
    if (underWay !== undefined) return underWay
    const answer = Deferred.unsafeMake<Entry>(yield* Effect.fiberId)
    asked.set(name, answer)
    yield* read(key, name, known).pipe(
      Effect.intoDeferred(answer),
      Effect.ensuring(
        Effect.sync(() => {
          if (asked.get(name) === answer) asked.delete(name)
        }),
      ),
      Effect.forkIn(scope),
    )
    return answer
  })

  const isFresh = (entry: Entry, now: number): boolean => now - entry.checkedAt < freshMs && entry.changes === changes

  return ServedPages.of({
    changed: Effect.sync(() => {
      changes++
      // What is being read may be what was there before; who asks from now on asks anew.
      asked.clear()
    }),

    lookup: Effect.fnUntraced(function* (key) {
      const name = "slug" in key ? `/${key.slug}` : key.domain
      const known = entries.get(name)
      const now = yield* Clock.currentTimeMillis
      if (known !== undefined && isFresh(known, now)) return yield* heldIn(known)
      const answer = Deferred.await(yield* ask(key, name, known))
      if (known === undefined) return yield* heldIn(yield* answer)
      const news = yield* Effect.timeoutOption(answer, newsLimit)
      return yield* heldIn(Option.getOrElse(news, () => known))
    }),
  })
})

const heldIn = ({ held, isKnown }: Entry): Effect.Effect<HeldPage | null, ServiceUnavailable> =>
  isKnown ? Effect.succeed(held) : ServiceUnavailable.after(5)

const heldOf = (
  page: ServedPage,
  found: { readonly stamp: string; readonly builtAt: number },
  now: number,
): HeldPage => ({
  page: { ...page, view: { ...page.view, builtAt: found.builtAt } },
  version: `${page.id}:${found.stamp}:${found.builtAt}`,
  isAllowed: trustedProxies(page.allowedRanges),
  isStale: now - found.builtAt > overdueMs,
})
