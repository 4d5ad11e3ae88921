import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { configProblems } from "@uptime/runtime/ConfigProblem"
import { environmentLayer } from "@uptime/runtime/Environment"
import { defaultLogging, loggingConfig, loggingLayer } from "@uptime/runtime/Logging"
import { databaseUrl } from "@uptime/runtime/Settings"
import { Cause, Config, ConfigError, Effect, Either } from "effect"
import { migrate, schemaVersion } from "./Migrations.ts"
import * as PostgresSql from "./PostgresSql.ts"

/**
 * The entry of `npm run migrate`: brings the database of `DATABASE_URL` up to this release's schema and ends. Waits for a
 * database that is away. Ends with code 1 and one line when the variable is wrong, the database refuses, or a migration
 * fails.
 */
const main = Effect.gen(function* () {
  const [url] = yield* Config.all([databaseUrl, loggingConfig])
  const applied = yield* Effect.provide(
    migrate,
    PostgresSql.layer({ url, applicationName: "uptime-migrate", maxConnections: 2, patient: true }),
  )
  for (const { id, name } of applied) yield* Effect.logInfo(`applied migration ${id}: ${name}`)
  yield* Effect.logInfo(
    applied.length === 0
      ? `the schema is up to date, at version ${schemaVersion}`
      : `the schema is now version ${schemaVersion}`,
  )
})

const logged = Effect.gen(function* () {
  const logging = Either.getOrElse(yield* Effect.either(loggingConfig), () => defaultLogging)
  yield* main.pipe(
    Effect.tapErrorCause((cause) =>
      Effect.forEach(problems(cause), (line) => Effect.logFatal(line), { discard: true }),
    ),
    Effect.provide(loggingLayer("migrate", logging)),
  )
}).pipe(
  Effect.provide(environmentLayer),
  Effect.tapErrorTag("EnvironmentError", ({ message }) =>
    Effect.provide(Effect.logFatal(message), loggingLayer("migrate", defaultLogging)),
  ),
)

const problems = (cause: Cause.Cause<{ readonly message: string }>): ReadonlyArray<string> => {
  if (Cause.isInterruptedOnly(cause)) return []
  const lines = [...Cause.failures(cause)].flatMap((error) =>
    ConfigError.isConfigError(error) ? configProblems(error) : [error.message],
  )
  return lines.length > 0 ? lines : [Cause.pretty(cause)]
}

NodeRuntime.runMain(logged, { disableErrorReporting: true, disablePrettyLogger: true })
