import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Logger, LogLevel, Redacted, Schema } from "effect"
import fc from "fast-check"
import { jsonLine, prettyLine, withoutCredentials } from "../src/LogLine.ts"

/** The lines that an effect logs. */
const linesOf = <A, E>(line: (entry: Logger.Logger.Options<unknown>) => string, effect: Effect.Effect<A, E>) =>
  Effect.suspend(() => {
    const lines: Array<string> = []
    const logger = Logger.make((entry: Logger.Logger.Options<unknown>) => {
      lines.push(line(entry))
    })
    return Effect.as(
      effect.pipe(
        Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
        Logger.withMinimumLogLevel(LogLevel.All),
        Effect.exit,
      ),
      lines,
    )
  })

const decode = Schema.decodeUnknownSync(Schema.parseJson(Schema.Record({ key: Schema.String, value: Schema.Unknown })))

describe("jsonLine", () => {
  it.effect("has stable fields, and annotations beside them", () =>
    Effect.gen(function* () {
      const [line = ""] = yield* linesOf(
        jsonLine("api"),
        Effect.logWarning("the disk is", "nearly full", { free: 12 }).pipe(
          Effect.annotateLogs({ monitorId: "m1", level: "mine" }),
        ),
      )
      assert.deepStrictEqual(decode(line), {
        time: "1970-01-01T00:00:00.000Z",
        level: "warn",
        service: "api",
        message: "the disk is nearly full",
        data: [{ free: 12 }],
        monitorId: "m1",
        level_: "mine",
      })
      assert.match(line, /^\{"time":"[^"]+","level":"warn","service":"api","message":/)
    }),
  )

  it.effect("keeps secrets redacted, wherever they are", () =>
    Effect.gen(function* () {
      const secret = Redacted.make("hunter2")
      const [line = ""] = yield* linesOf(
        jsonLine("api"),
        Effect.logInfo("settings", { nested: { secret } }, secret).pipe(Effect.annotateLogs({ secret })),
      )
      assert.notInclude(line, "hunter2")
      assert.include(line, "<redacted>")
    }),
  )

  it.effect("hides the password of a connection string in an error", () =>
    Effect.gen(function* () {
      const error = new Error("cannot reach postgres://uptime:hunter2@db:5432/uptime")
      const lines = yield* linesOf(
        jsonLine("api"),
        Effect.zipRight(Effect.logError("no", error), Effect.logError(error)),
      )
      assert.strictEqual(lines.length, 2)
      assert.notInclude(lines.join(""), "hunter2")
    }),
  )

  it.effect("is one line whatever is logged", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true })),
          async (values) => {
            const lines = await Effect.runPromise(
              linesOf(jsonLine("api"), Effect.logInfo("a\r\nb", ...values).pipe(Effect.annotateLogs({ values }))),
            )
            assert.strictEqual(lines.length, 1)
            assert.notMatch(lines[0] ?? "", /[\r\n]/)
            assert.include(JSON.stringify(decode(lines[0] ?? "")["message"]), "a\\r\\nb")
          },
        ),
      ),
    ),
  )

  it.effect("survives a circle and a getter that throws", () =>
    Effect.gen(function* () {
      const circle: Record<string, unknown> = { name: "round" }
      circle["self"] = circle
      const trap = {
        get value() {
          throw new Error("no")
        },
      }
      const lines = yield* linesOf(
        jsonLine("api"),
        Effect.zipRight(Effect.logInfo("hello", circle), Effect.logInfo("hello", trap)),
      )
      assert.deepStrictEqual(
        lines.map((line) => decode(line)["message"]),
        ["hello", "hello"],
      )
    }),
  )
})

describe("prettyLine", () => {
  it.effect("is one line without control characters, and the failure below", () =>
    Effect.gen(function* () {
      const lines = yield* linesOf(
        prettyLine("worker", false),
        Effect.zipRight(
          Effect.logInfo("bad\u001b[31m\r\nname").pipe(Effect.annotateLogs({ text: "a b" })),
          Effect.logError("broken", Cause.fail(new Error("why"))),
        ),
      )
      assert.strictEqual(lines[0], '00:00:00.000 INFO  worker: bad\\u001b[31m\\r\\nname text="a b"')
      assert.match(lines[1] ?? "", /^00:00:00.000 ERROR worker: broken\nError: why/)
    }),
  )

  it.effect("has colours only where they show", () =>
    Effect.gen(function* () {
      const [plain = ""] = yield* linesOf(prettyLine("worker", false), Effect.logInfo("x"))
      const [colored = ""] = yield* linesOf(prettyLine("worker", true), Effect.logInfo("x"))
      assert.notInclude(plain, "\u001b")
      assert.include(colored, "\u001b[32mINFO ")
    }),
  )
})

describe("withoutCredentials", () => {
  it("hides user and password of URLs and leaves the rest", () => {
    assert.strictEqual(
      withoutCredentials("redis://:pw@h:1 and postgres://u:p%40w@h/d and https://h/a:b@c"),
      "redis://<redacted>@h:1 and postgres://<redacted>@h/d and https://h/a:b@c",
    )
  })
})
