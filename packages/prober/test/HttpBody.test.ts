import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import type { HttpAnswer } from "@uptime/prober/HttpAnswer"
import { bodyText } from "@uptime/prober/HttpBody"
import { KeptBytes } from "@uptime/prober/KeptBytes"
import { Duration, Effect, FastCheck as fc } from "effect"

const limit = 1_048_576

const answerOf = (body: Buffer, headers: Readonly<Record<string, string>> = {}): HttpAnswer => ({
  status: 200,
  location: null,
  headers: Object.entries(headers),
  body,
})

const encoders = {
  gzip: gzipSync,
  "x-gzip": gzipSync,
  deflate: deflateSync,
  "deflate without its wrapping": deflateRawSync,
  br: brotliCompressSync,
}

const encodings = ["gzip", "x-gzip", "deflate", "deflate without its wrapping", "br"] as const

const nameOf = (encoding: keyof typeof encoders) => (encoding.startsWith("deflate") ? "deflate" : encoding)

describe("the text of a body", () => {
  it.effect("is UTF-8, or what the answer says it is", () =>
    Effect.gen(function* () {
      const text = (bytes: ReadonlyArray<number>, type: string) =>
        bodyText(answerOf(Buffer.from(bytes), { "Content-Type": type }), limit)
      assert.strictEqual(yield* text([0x63, 0xc3, 0xa9], "text/html"), "c\u00e9")
      assert.strictEqual(yield* text([0x63, 0xe9], "text/html; charset=ISO-8859-1"), "c\u00e9")
      assert.strictEqual(yield* text([0x63, 0xe9], 'text/html; Charset="windows-1252"'), "c\u00e9")
      assert.strictEqual(yield* text([0x63, 0xc3, 0xa9], "text/html; charset=no-such"), "c\u00e9")
      assert.strictEqual(yield* text([0xef, 0xbb, 0xbf, 0x63], "text/html"), "c")
      assert.strictEqual(yield* text([0xff, 0x00], "text/html"), "\ufffd\u0000")
    }),
  )

  it.effect.prop(
    "is what was encoded, however it was compressed without being asked for",
    {
      text: fc.fullUnicodeString({ maxLength: 2_000 }),
      encoding: fc.constantFrom(...encodings),
    },
    ({ encoding, text }) =>
      Effect.gen(function* () {
        const body = encoders[encoding](Buffer.from(text))
        const decoded = yield* bodyText(answerOf(body, { "content-encoding": nameOf(encoding) }), limit)
        assert.strictEqual(decoded, text.replace(/^\ufeff/, ""))
      }),
  )

  it.effect("is as much as came, where it was cut", () =>
    Effect.gen(function* () {
      const whole = "0123456789".repeat(20_000)
      for (const encoding of ["gzip", "deflate", "br"] as const) {
        const body = encoders[encoding](Buffer.from(Array.from({ length: 20_000 }, (_, i) => `${i * 7919},`).join("")))
        const text = yield* bodyText(
          answerOf(body.subarray(0, body.length / 2), { "content-encoding": encoding }),
          limit,
        )
        assert.isTrue(text.startsWith("0,7919,15838,"), encoding)
      }
      assert.strictEqual(yield* bodyText(answerOf(Buffer.from(whole)), 1_000), whole.slice(0, 1_000))
      assert.strictEqual(yield* bodyText(answerOf(Buffer.from("caf\u00e9")), 4), "caf")
    }),
  )

  it.live("of a bomb is its first mebibyte, in no time and no memory", () =>
    Effect.gen(function* () {
      for (const encoding of ["gzip", "deflate", "br"] as const) {
        const bomb = encoders[encoding](Buffer.alloc(50_000_000, "a"))
        const before = process.memoryUsage().rss
        const [took, text] = yield* Effect.timed(bodyText(answerOf(bomb, { "content-encoding": encoding }), limit))
        assert.lengthOf(text, limit)
        assert.isBelow(Duration.toMillis(took), 1_000)
        assert.isBelow(process.memoryUsage().rss - before, 50_000_000)
      }
    }),
  )

  it.effect("of what does not decode is the answer's fault", () =>
    Effect.gen(function* () {
      for (const [encoding, body] of [
        ["gzip", "no gzip at all"],
        ["br", "\xff\xff\xff\xff\xff"],
        ["zstd", "x"],
        ["gzip, gzip", "x"],
      ] as const) {
        const failed = yield* Effect.flip(
          bodyText(answerOf(Buffer.from(body, "latin1"), { "content-encoding": encoding }), limit),
        )
        assert.strictEqual(failed.kind, "body", encoding)
      }
      assert.strictEqual(yield* bodyText(answerOf(Buffer.alloc(0), { "content-encoding": "gzip" }), limit), "")
    }),
  )
})

describe("kept bytes", () => {
  it("are the first of what came, whatever the pieces", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 9_000 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 40_000 }),
        (pieces, most) => {
          const kept = new KeptBytes(most)
          for (const piece of pieces) kept.add(piece)
          const whole = Buffer.concat(pieces)
          assert.isTrue(kept.bytes.equals(whole.subarray(0, most)))
          assert.strictEqual(kept.isFull, whole.length >= most)
        },
      ),
    )
  })
})
