import { assert, describe, layer } from "@effect/vitest"
import { type AppProcess, bundled, startApp } from "@uptime/testing/AppProcess"
import { freePort } from "@uptime/testing/FreePort"
import { Context, Duration, Effect, Layer, Option, Schedule, Schema } from "effect"

/** The file of `fixtures/tinyProcess.ts`, bundled as an app is. */
class Bundle extends Context.Tag("Bundle")<Bundle, string>() {
  static readonly layer = Layer.scoped(Bundle, bundled(new URL("./fixtures/tinyProcess.ts", import.meta.url)))
}

const good = {
  DATABASE_URL: "postgres://uptime:hunter2secret@127.0.0.1:5432/uptime",
  REGION: "USA",
}

const boot = (variables: Readonly<Record<string, string>>) =>
  Effect.flatMap(Bundle, (bundle) => startApp(bundle, variables))

const linesOf = (app: AppProcess) =>
  Effect.map(app.output, (output) => output.split("\n").filter((line) => line !== ""))

const LogLine = Schema.Struct({ level: Schema.String, message: Schema.String })
const decodeLine = Schema.decodeUnknown(Schema.parseJson(LogLine))

/** The lines of a process that writes nothing but its log. */
const logOf = (app: AppProcess) =>
  Effect.flatMap(linesOf(app), (lines) => Effect.forEach(lines, (line) => decodeLine(line)))

const failed = Option.some(1)
const succeeded = Option.some(0)

layer(Bundle.layer, { excludeTestServices: true })("runMain", (it) => {
  describe.concurrent("a start that fails", () => {
    it.scoped("says every wrong variable in one line of its own, and ends with 1", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, PORT: "http", REGION: "Mars", DATABASE_URL: "localhost:hunter2secret" })
        assert.deepStrictEqual(yield* tiny.ended, failed)
        assert.deepStrictEqual(yield* logOf(tiny), [
          {
            level: "fatal",
            message: 'PORT must be a whole number from 0 to 65535, not "http"; for example PORT=0',
          },
          {
            level: "fatal",
            message: 'REGION must be one of REGIONS (USA,India), not "Mars"; for example REGION=USA',
          },
          {
            level: "fatal",
            message:
              "DATABASE_URL must be a URL that begins with postgres:// or postgresql:// (special characters of a password percent-encoded); for example DATABASE_URL=postgres://uptime:password@127.0.0.1:5432/uptime",
          },
        ])
        assert.notInclude(yield* tiny.output, "hunter2secret")
        assert.notInclude(yield* tiny.output, "    at ")
      }),
    )

    it.scoped("names a missing variable", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ REGION: "USA" })
        assert.deepStrictEqual(yield* tiny.ended, failed)
        const log = yield* logOf(tiny)
        assert.strictEqual(log.length, 1)
        assert.match(log[0]?.message ?? "", /^DATABASE_URL is not set; for example DATABASE_URL=postgres:/)
      }),
    )

    it.scoped("still speaks when what is wrong is how to speak", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, LOG_LEVEL: "loud", LOG_FORMAT: "xml", PORT: "-1" })
        assert.deepStrictEqual(yield* tiny.ended, failed)
        assert.deepStrictEqual(
          (yield* logOf(tiny)).map(({ message }) => message.split(" ")[0]),
          ["LOG_LEVEL", "LOG_FORMAT", "PORT"],
        )
      }),
    )

    it.scoped("is one line when the port is taken", () =>
      Effect.gen(function* () {
        const first = yield* boot({ ...good, PORT: "0" })
        yield* first.awaitOutput("tiny has started")
        const port = /Listening on http:\/\/127.0.0.1:(\d+)/.exec(yield* first.output)?.[1] ?? ""
        const second = yield* boot({ ...good, PORT: port })
        assert.deepStrictEqual(yield* second.ended, failed)
        assert.deepStrictEqual(
          (yield* logOf(second)).filter(({ level }) => level !== "info"),
          [
            {
              level: "fatal",
              message: `cannot listen on 127.0.0.1:${port}: the port is in use; set HOST or PORT to another`,
            },
          ],
        )
        assert.notInclude(yield* second.output, "    at ")
      }),
    )

    it.scoped("shows a defect with its stack", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "unheard-of" })
        assert.deepStrictEqual(yield* tiny.ended, failed)
        assert.match(yield* tiny.output, /no mode unheard-of.*\\n {4}at /)
      }),
    )
  })

  describe.concurrent("a stop", () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      it.scoped(`on ${signal} waits for everything to be released, and ends with 0`, () =>
        Effect.gen(function* () {
          const tiny = yield* boot({ ...good, MODE: "slow-stop" })
          yield* tiny.awaitOutput("tiny has started")
          yield* tiny.kill(signal)
          assert.deepStrictEqual(yield* tiny.ended, succeeded)
          const lines = (yield* linesOf(tiny)).slice(-3)
          assert.match(lines[0] ?? "", /"info".*tiny is stopping/)
          assert.strictEqual(lines[1], "finalized")
          assert.match(lines[2] ?? "", /"info".*tiny has stopped/)
        }),
      )
    }

    it.scoped("ends a process that still waits for what it needs, with 0", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "waiting" })
        yield* tiny.awaitOutput("waiting for the database")
        yield* tiny.kill("SIGTERM")
        assert.deepStrictEqual(yield* tiny.ended, succeeded)
      }),
    )

    it.scoped(
      "has a limit, after which it says what was cut off and ends with 1",
      () =>
        Effect.gen(function* () {
          const tiny = yield* boot({ ...good, MODE: "never-stop" })
          yield* tiny.awaitOutput("tiny has started")
          yield* tiny.kill("SIGTERM")
          const [took, code] = yield* Effect.timed(tiny.ended)
          assert.deepStrictEqual(code, failed)
          assert.isBelow(Duration.toMillis(took), 15_000)
          assert.match(yield* tiny.output, /"error".*did not stop within 13.5 s; cut off: the thing that never ends"/)
        }),
      30_000,
    )

    it.scoped("is a kill at the second signal", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "never-stop" })
        yield* tiny.awaitOutput("tiny has started")
        yield* tiny.kill("SIGTERM")
        yield* tiny.awaitOutput("tiny is stopping")
        yield* tiny.kill("SIGTERM")
        const [took, code] = yield* Effect.timed(tiny.ended)
        assert.deepStrictEqual(code, Option.none())
        assert.isBelow(Duration.toMillis(took), 5000)
      }),
    )
  })

  describe.concurrent("a log that takes no more", () => {
    it.scoped("ends nothing: the process goes on without it, and stops when it is told to", () =>
      Effect.gen(function* () {
        const port = yield* freePort
        const bundle = yield* Bundle
        // Linux has a file whose disk is always full.
        const tiny = yield* startApp(bundle, { ...good, PORT: String(port), MODE: "slow-stop" }, { logTo: "/dev/full" })
        const health = Effect.tryPromise(() => fetch(`http://127.0.0.1:${port}/healthz`))
        const first = yield* Effect.retry(health, { schedule: Schedule.spaced("50 millis"), times: 200 })
        assert.strictEqual(first.status, 200)
        for (let n = 0; n < 20; n++) assert.strictEqual((yield* health).status, 200)
        yield* tiny.kill("SIGTERM")
        assert.deepStrictEqual(yield* tiny.ended, succeeded)
      }),
    )
  })

  describe.concurrent("a fault that nobody handles", () => {
    it.scoped("as a rejected promise is logged and stops the process, drained, with 1", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "rejection" })
        assert.deepStrictEqual(yield* tiny.ended, failed)
        assert.match(yield* tiny.output, /"fatal".*a promise was rejected.*nobody handles me/)
        assert.include(yield* linesOf(tiny), "finalized")
      }),
    )

    it.scoped("as an exception is logged and stops the process with 1", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "exception" })
        assert.deepStrictEqual(yield* tiny.ended, failed)
        assert.match(yield* tiny.output, /"fatal".*an exception was thrown.*nobody catches me/)
      }),
    )

    it.scoped("as a fiber that dies is at least an error in the log", () =>
      Effect.gen(function* () {
        const tiny = yield* boot({ ...good, MODE: "dead-fiber" })
        yield* tiny.awaitOutput("the fiber is dead")
        assert.match(yield* tiny.output, /"error".*the fiber is dead/)
      }),
    )
  })
})
