import { createHash } from "node:crypto"
import { WeightedCache } from "@uptime/runtime/WeightedCache"
import { Context, Data, Deferred, Effect, Layer } from "effect"
import { drawPicture, type PictureThreadError } from "./PictureThread.ts"

/** A picture cannot be drawn now: too many are waited for already, or drawing it failed. */
export class PictureUnavailable extends Data.TaggedError("PictureUnavailable")<{
  readonly reason: "busy" | "failed"
}> {}

/** The most of all pictures that are kept, in bytes; one takes some 20 KB. */
const maxBytes = 16 * 1024 * 1024

/** The most pictures that are drawn or waited for. */
const maxWaiting = 16

/** How long one may take, in its thread. */
const drawLimit = "10 seconds"

/** Pictures of pages: each is drawn once, by one thread at a time, and kept by what is on it. */
export class PagePictures extends Context.Tag("@uptime/api/PagePictures")<
  PagePictures,
  {
    /** An SVG document as the bytes of a PNG. Fails as `busy` where 16 others are waited for, else as `failed`. */
    readonly png: (svg: string) => Effect.Effect<Uint8Array, PictureUnavailable>
  }
>() {
  /** @param draw what makes a PNG of an SVG document */
  static readonly layerOf = (draw: (svg: string) => Effect.Effect<Uint8Array, PictureThreadError>) =>
    Layer.scoped(this, make(draw))

  /** Drawn in threads. */
  static readonly layer: Layer.Layer<PagePictures> = Layer.suspend(() => PagePictures.layerOf(drawPicture))
}

const make = Effect.fnUntraced(function* (draw: (svg: string) => Effect.Effect<Uint8Array, PictureThreadError>) {
  const scope = yield* Effect.scope
  const turns = yield* Effect.makeSemaphore(1)
  const kept = new WeightedCache<Uint8Array>(maxBytes)
  const asked = new Map<string, Deferred.Deferred<Uint8Array, PictureUnavailable>>()

  const drawn = (key: string, svg: string) =>
    turns
      .withPermits(1)(draw(svg).pipe(Effect.timeout(drawLimit)))
      .pipe(
        Effect.tapErrorCause((cause) => Effect.logWarning("a picture of a status page could not be drawn", cause)),
        Effect.mapError(() => new PictureUnavailable({ reason: "failed" })),
        Effect.tap((png) => Effect.sync(() => kept.set(key, png, png.length))),
      )

  return PagePictures.of({
    png: Effect.fnUntraced(function* (svg) {
      const key = createHash("sha256").update(svg).digest("base64url")
      const known = kept.get(key)
      if (known !== undefined) return known
      const underWay = asked.get(key)
      if (underWay !== undefined) return yield* Deferred.await(underWay)
      if (asked.size >= maxWaiting) return yield* new PictureUnavailable({ reason: "busy" })
      const answer = Deferred.unsafeMake<Uint8Array, PictureUnavailable>(yield* Effect.fiberId)
      asked.set(key, answer)
      yield* drawn(key, svg).pipe(
        Effect.intoDeferred(answer),
        Effect.ensuring(Effect.sync(() => asked.delete(key))),
        Effect.forkIn(scope),
      )
      return yield* Deferred.await(answer)
    }),
  })
})
