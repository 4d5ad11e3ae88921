import { assert, describe, layer } from "@effect/vitest"
import { Context, Duration, Effect, Layer, Schema } from "effect"
import { LogLine, type Program, program, start } from "./TinyProcess.ts"

class Built extends Context.Tag("Built")<Built, Program>() {}

const good = {
  DATABASE_URL: "postgres://uptime:hunter2secret@127.0.0.1:5432/uptime",
  REGION: "USA",
}

const parse = Schema.decodeUnknownSync(Schema.parseJson(LogLine))

const boot = (variables: Readonly<Record<string, string>>) => Effect.flatMap(Built, (built) => start(built, variables))

layer(Layer.scoped(Built, program), { excludeTestServices: true })("runMain", (it) => {
  describe("a start that fails", () => {
    it.scoped("says every wrong variable in one line of its own, and ends with 1", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, PORT: "http", REGION: "Mars", DATABASE_URL: "localhost:hunter2secret" })
        assert.strictEqual(yield* tiny.exit, 1)
        const lines = (yield* tiny.lines).map((line) => parse(line))
        assert.deepStrictEqual(
          lines.map(({ level, message }) => [level, message]),
          [
            ["fatal", 'PORT must be a whole number from 0 to 65535, not "http"; for example PORT=0'],
            ["fatal", 'REGION must be one of REGIONS (USA,India), not "Mars"; for example REGION=USA'],
            [
              "fatal",
              "DATABASE_URL must be a URL that begins with postgres:// or postgresql:// (special characters of a password percent-encoded); for example DATABASE_URL=postgres://uptime:password@127.0.0.1:5432/uptime",
            ],
          ],
        )
        const all = `${(yield* tiny.lines).join("\n")}${yield* tiny.stderr}`
        assert.notInclude(all, "hunter2secret")
        assert.notInclude(all, "    at ")
      }),
    )

    it.scoped("names a missing variable", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ REGION: "USA" })
        assert.strictEqual(yield* tiny.exit, 1)
        const [only, ...others] = yield* tiny.lines
        assert.deepStrictEqual(others, [])
        assert.match(parse(only).message, /^DATABASE_URL is not set; for example DATABASE_URL=postgres:/)
      }),
    )

    it.scoped("still speaks when what is wrong is how to speak", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, LOG_LEVEL: "loud", LOG_FORMAT: "xml", PORT: "-1" })
        assert.strictEqual(yield* tiny.exit, 1)
        assert.deepStrictEqual(
          (yield* tiny.lines).map((line) => parse(line).message.split(" ")[0]),
          ["LOG_LEVEL", "LOG_FORMAT", "PORT"],
        )
      }),
    )

    it.scoped("is one line when the port is taken", () =>
      Effect.gen(function* () {
        const first = yield* boot({ ...good, PORT: "0" })
        const port = /:(\d+)"/.exec(yield* first.line(/Listening on/))?.[1] ?? ""
        const second = yield* boot({ ...good, PORT: port })
        assert.strictEqual(yield* second.exit, 1)
        const fatal = (yield* second.lines).map((line) => parse(line)).filter((line) => line.level === "fatal")
        assert.deepStrictEqual(
          fatal.map((line) => line.message),
          [`cannot listen on 127.0.0.1:${port}: the port is in use; set HOST or PORT to another`],
        )
        assert.notInclude((yield* second.lines).join("\n"), "    at ")
      }),
    )

    it.scoped("shows a defect with its stack", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "unheard-of" })
        assert.strictEqual(yield* tiny.exit, 1)
        assert.match((yield* tiny.lines).join("\n"), /no mode unheard-of.*\\n {4}at /)
      }),
    )
  })

  describe("a stop", () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      it.scoped(`on ${signal} waits for everything to be released, and ends with 0`, () =>
        Effect.gen(function* () {
          const tiny = yield* boot({ ...good, MODE: "slow-stop" })
          yield* tiny.line(/tiny has started/)
          yield* tiny.signal(signal)
          assert.strictEqual(yield* tiny.exit, 0)
          const lines = (yield* tiny.lines).slice(-3)
          assert.match(lines[0] ?? "", /"info".*tiny is stopping/)
          assert.strictEqual(lines[1], "finalized")
          assert.match(lines[2] ?? "", /"info".*tiny has stopped/)
        }),
      )
    }

    it.scoped("ends a process that still waits for what it needs, with 0", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "waiting" })
        yield* tiny.line(/waiting for the database/)
        yield* tiny.signal("SIGTERM")
        assert.strictEqual(yield* tiny.exit, 0)
      }),
    )

    it.scoped(
      "has a limit, after which it says what was cut off and ends with 1",
      () =>
        Effect.gen(function* () {
          const tiny = yield* boot({ ...good, MODE: "never-stop" })
          yield* tiny.line(/tiny has started/)
          yield* tiny.signal("SIGTERM")
          const [took, code] = yield* Effect.timed(tiny.exit)
          assert.strictEqual(code, 1)
          assert.isBelow(Duration.toMillis(took), 15_000)
          assert.match(
            (yield* tiny.lines).join("\n"),
            /"error".*did not stop within 14 s; cut off: the thing that never ends"/,
          )
        }),
      30_000,
    )

    it.scoped("goes as ever when nobody reads the log any more", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "slow-stop" })
        yield* tiny.line(/tiny has started/)
        yield* tiny.deafen
        yield* tiny.signal("SIGTERM")
        assert.strictEqual(yield* tiny.exit, 0)
      }),
    )

    it.scoped("is a kill at the second signal", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "never-stop" })
        yield* tiny.line(/tiny has started/)
        yield* tiny.signal("SIGTERM")
        yield* tiny.line(/tiny is stopping/)
        yield* tiny.signal("SIGTERM")
        assert.strictEqual(yield* tiny.exit, "SIGTERM")
      }),
    )
  })

  describe("a fault that nobody handles", () => {
    it.scoped("as a rejected promise is logged and stops the process, drained, with 1", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "rejection" })
        assert.strictEqual(yield* tiny.exit, 1)
        const text = (yield* tiny.lines).join("\n")
        assert.match(text, /"fatal".*a promise was rejected.*nobody handles me/)
        assert.include(text, "\nfinalized\n")
      }),
    )

    it.scoped("as an exception is logged and stops the process with 1", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "exception" })
        assert.strictEqual(yield* tiny.exit, 1)
        assert.match((yield* tiny.lines).join("\n"), /"fatal".*an exception was thrown.*nobody catches me/)
      }),
    )

    it.scoped("as a fiber that dies is at least an error in the log", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "dead-fiber" })
        yield* tiny.line(/"error".*the fiber is dead/)
      }),
    )
  })
})
