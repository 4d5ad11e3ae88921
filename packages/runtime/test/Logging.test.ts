import { assert, describe, it } from "@effect/vitest"
import { Console, Effect, LogLevel, Option } from "effect"
import { defaultLogging, loggingLayer } from "../src/Logging.ts"

/** What an effect writes to the console under the layer. */
const written = <A, E>(settings: Parameters<typeof loggingLayer>[1], effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const base = yield* Console.consoleWith(Effect.succeed)
    const capturing: Console.Console = {
      ...base,
      unsafe: { ...base.unsafe, log: (...parts) => void lines.push(parts.join(" ")) },
    }
    yield* Effect.exit(effect).pipe(Effect.provide(loggingLayer("tiny", settings)), Effect.withConsole(capturing))
    return lines
  })

const json = { ...defaultLogging, format: Option.some("json" as const) }

describe("loggingLayer", () => {
  it.effect("leaves out what is below the level", () =>
    Effect.gen(function* () {
      const chatter = Effect.all([Effect.logDebug("d"), Effect.logInfo("i"), Effect.logWarning("w")])
      assert.strictEqual((yield* written(json, chatter)).length, 2)
      assert.strictEqual((yield* written({ ...json, level: LogLevel.Error }, chatter)).length, 0)
      assert.strictEqual((yield* written({ ...json, level: LogLevel.All }, chatter)).length, 3)
    }),
  )

  it.effect("is JSON where no terminal is, and as it is told where it is told", () =>
    Effect.gen(function* () {
      const [byItself = ""] = yield* written(
        { ...json, format: Option.none(), nodeEnv: "production" },
        Effect.logInfo("x"),
      )
      assert.match(byItself, /^\{/)
      const [pretty = ""] = yield* written({ ...json, format: Option.some("pretty") }, Effect.logInfo("x"))
      assert.match(pretty, /tiny: x/)
    }),
  )

  it.live("tells of a fiber that died by a defect, not of one whose failure somebody handles", () =>
    Effect.gen(function* () {
      const level = Option.some(LogLevel.Error)
      const handled = Effect.fail("expected").pipe(Effect.delay("1 millis"), Effect.timeout("1 second"), Effect.ignore)
      assert.deepStrictEqual(yield* written(json, Effect.withUnhandledErrorLogLevel(handled, level)), [])
      const died = Effect.dieMessage("a bug").pipe(
        Effect.fork,
        Effect.flatMap((fiber) => fiber.await),
      )
      const lines = yield* written(json, Effect.withUnhandledErrorLogLevel(died, level))
      assert.strictEqual(lines.length, 1)
      assert.include(lines[0], "a bug")
    }),
  )
})
