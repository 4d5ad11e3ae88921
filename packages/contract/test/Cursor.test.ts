import { assert, describe, it } from "@effect/vitest"
import { MonitorCursor, ReportCursor, ResultCursor } from "@uptime/contract/Cursor"
import { MonitorId } from "@uptime/domain/Ids"
import { Effect, Either, FastCheck, Schema } from "effect"

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

describe("Cursor", () => {
  it.effect.prop("comes back as it was given out", { monitor: MonitorCursor, result: ResultCursor }, (cursors) =>
    Effect.gen(function* () {
      const monitor = yield* Schema.encode(MonitorCursor)(cursors.monitor)
      assert.deepStrictEqual(yield* Schema.decode(MonitorCursor)(monitor), cursors.monitor)
      const result = yield* Schema.encode(ResultCursor)(cursors.result)
      assert.deepStrictEqual(yield* Schema.decode(ResultCursor)(result), cursors.result)
      assert.match(monitor, /^[A-Za-z0-9_-]{1,200}$/)
      assert.match(result, /^[A-Za-z0-9_-]{1,200}$/)
    }),
  )

  it.effect("comes back with the longest name in it", () =>
    Effect.gen(function* () {
      const monitorId = MonitorId.make("0190a5f4-0000-7000-8000-00000000dead")
      const place = { to: 253_402_300_799_999, uptime: 99.999, key: "語".repeat(200), monitorId }
      assert.deepStrictEqual(yield* Schema.decode(ReportCursor)(yield* Schema.encode(ReportCursor)(place)), place)
    }),
  )

  it.effect.prop(
    "is refused when any one character of it is another",
    { cursor: MonitorCursor, at: FastCheck.nat(), to: FastCheck.constantFrom(...alphabet) },
    ({ at, cursor, to }) =>
      Effect.gen(function* () {
        const text = yield* Schema.encode(MonitorCursor)(cursor)
        const index = at % text.length
        if (text[index] === to) return
        const altered = text.slice(0, index) + to + text.slice(index + 1)
        assert.isTrue(Either.isLeft(Schema.decodeEither(MonitorCursor)(altered)), altered)
      }),
  )

  it.effect.prop(
    "is refused when it was cut short",
    { cursor: ResultCursor, keep: FastCheck.nat() },
    ({ cursor, keep }) =>
      Effect.gen(function* () {
        const text = yield* Schema.encode(ResultCursor)(cursor)
        const cut = text.slice(0, keep % text.length)
        assert.isTrue(Either.isLeft(Schema.decodeEither(ResultCursor)(cut)), cut)
      }),
  )

  it.effect.prop("is refused by another list", { cursor: ResultCursor }, ({ cursor }) =>
    Effect.gen(function* () {
      const text = yield* Schema.encode(ResultCursor)(cursor)
      assert.isTrue(Either.isLeft(Schema.decodeEither(MonitorCursor)(text)))
    }),
  )

  it.effect.prop("is refused when it is any other text", { text: FastCheck.fullUnicodeString() }, ({ text }) =>
    Effect.sync(() => assert.isTrue(Either.isLeft(Schema.decodeEither(MonitorCursor)(text)))),
  )
})
