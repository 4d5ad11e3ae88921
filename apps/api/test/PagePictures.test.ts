import { inflateSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { PagePictures } from "@uptime/api/pages/PagePictures"
import { drawPicture, PictureThreadError } from "@uptime/api/pages/PictureThread"
import { Deferred, Effect, Fiber } from "effect"

/** How many bytes of a picture's unpacked lines are not nothing: some 60 for an empty one. */
const inkOf = (png: Uint8Array): number => {
  const view = Buffer.from(png)
  const chunks: Array<Buffer> = []
  for (let at = 8; at < view.length; at += 12 + view.readUInt32BE(at)) {
    if (view.toString("latin1", at + 4, at + 8) === "IDAT") {
      chunks.push(view.subarray(at + 8, at + 8 + view.readUInt32BE(at)))
    }
  }
  return inflateSync(Buffer.concat(chunks)).filter((byte) => byte !== 0).length
}

const svg = (text: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60"><text x="10" y="40" font-family="DejaVu Sans" font-size="30">${text}</text></svg>`

describe("pictures of pages", () => {
  it.live("are PNGs that hold their text, in Latin and Japanese letters, without any font of the machine", () =>
    Effect.gen(function* () {
      for (const text of ["Zażółć Ωя", "稼働率すべて"]) {
        const png = yield* drawPicture(svg(text))
        assert.deepStrictEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47])
        assert.isAbove(inkOf(png), 1_000, text)
      }
      assert.strictEqual((yield* Effect.flip(drawPicture("no svg")))._tag, "PictureThreadError")
    }),
  )

  it.effect("are drawn once for all who ask, one at a time, and kept", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const drawn: Array<string> = []
      const pictures = PagePictures.layerOf((text) =>
        Effect.zipRight(
          Effect.sync(() => void drawn.push(text)),
          Effect.as(Deferred.await(gate), Buffer.from(text)),
        ),
      )
      yield* Effect.gen(function* () {
        const { png } = yield* PagePictures
        const fibers = yield* Effect.forEach(["a", "a", "b", "a"], (text) => Effect.fork(png(text)))
        yield* Effect.yieldNow()
        yield* Deferred.succeed(gate, undefined)
        const bytes = yield* Fiber.join(Fiber.all(fibers))
        assert.deepStrictEqual(
          bytes.map((one) => Buffer.from(one).toString()),
          ["a", "a", "b", "a"],
        )
        yield* png("a")
        assert.deepStrictEqual(drawn, ["a", "b"])
      }).pipe(Effect.provide(pictures))
    }),
  )

  it.effect("are refused where too many are waited for, and tried again after a failure", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void, PictureThreadError>()
      yield* Effect.gen(function* () {
        const { png } = yield* PagePictures
        const waiting = yield* Effect.forEach(
          Array.from({ length: 16 }, (_, i) => `${i}`),
          (text) => Effect.fork(Effect.either(png(text))),
        )
        yield* Effect.yieldNow()
        assert.deepInclude(yield* Effect.flip(png("another")), { reason: "busy" })
        yield* Deferred.fail(gate, new PictureThreadError({ message: "broke" }))
        for (const answer of yield* Fiber.join(Fiber.all(waiting))) assert.strictEqual(answer._tag, "Left")
        assert.deepInclude(yield* Effect.flip(png("another")), { reason: "failed" })
      }).pipe(Effect.provide(PagePictures.layerOf(() => Effect.as(Deferred.await(gate), Buffer.from("")))))
    }),
  )
})
