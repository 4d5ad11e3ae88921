import { spawn } from "node:child_process"
import { closeSync, openSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { Data, Effect, Option, type Scope } from "effect"
import { freePort } from "../../packages/testing/src/FreePort.ts"
import { type ServerError, serverFolder } from "../../packages/testing/src/ServerProcess.ts"
import { startPostgres, startRedis } from "../../packages/testing/src/Servers.ts"
import { bundleOf, ensureBuilt } from "../build.mjs"
import { flagsOf } from "../flags.mjs"

/** The api, as it is built and as an operator runs it, on a PostgreSQL and a Redis of its own. */
export interface BuiltApi {
  /** Where it answers, without a slash at the end. */
  readonly base: string
  readonly databaseUrl: string
  /** What must never be told: the keys that it was started with. */
  readonly keys: ReadonlyArray<string>
  /** All that it has written, both streams. */
  readonly log: Effect.Effect<string>
}

/** The api does not run. */
export class ApiNotRunning extends Data.TaggedError("ApiNotRunning")<{ readonly message: string }> {}

/** The most time that a start may take, in milliseconds. */
const patienceMs = 30_000

const keys = {
  JWT_SECRET: "hush-jwt-b7QTrEZn0Wq1lMSd6kCJxH4yUu9aP",
  ENCRYPTION_KEY: "hush-key-iW5cXz0eL9rTqPnB2vKfYhJg8dUaM",
}

/** Runs a bundle to its end, or until the scope closes; what it writes goes to a file. */
const run = (name: string, env: Readonly<Record<string, string>>, logFile: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const log = openSync(logFile, "a")
      const child = spawn(process.execPath, [...flagsOf(name), bundleOf(name)], {
        env: { PATH: process.env["PATH"], NODE_ENV: "production", LOG_LEVEL: "debug", ...env },
        stdio: ["ignore", log, log],
      })
      closeSync(log)
      const ended = new Promise<number | null>((resolve) => child.once("exit", resolve))
      return { child, ended }
    }),
    ({ child, ended }) =>
      Effect.zipRight(
        Effect.sync(() => child.kill("SIGKILL")),
        Effect.promise(() => ended),
      ),
  )

/** Whether it answers that it is ready. */
const isReady = (base: string): Effect.Effect<boolean> =>
  Effect.promise((signal) =>
    fetch(`${base}/readyz`, { signal }).then(
      ({ ok }) => ok,
      () => false,
    ),
  )

/** Builds what is out of date and starts it all, until the scope closes. */
export const builtApi: Effect.Effect<BuiltApi, ServerError | ApiNotRunning, Scope.Scope> = Effect.gen(function* () {
  yield* Effect.promise(() => ensureBuilt("migrate"))
  yield* Effect.promise(() => ensureBuilt("api"))
  const [postgres, redis, folder, port] = yield* Effect.all([startPostgres(), startRedis(), serverFolder, freePort])
  const logFile = join(folder.path, "api.log")
  const migration = yield* run("migrate", { DATABASE_URL: postgres.url }, logFile)
  if ((yield* Effect.promise(() => migration.ended)) !== 0) {
    return yield* new ApiNotRunning({ message: yield* Effect.promise(() => readFile(logFile, "utf8")) })
  }
  const { child } = yield* run(
    "api",
    {
      ...keys,
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      PORT: String(port),
      TRUSTED_PROXIES: "127.0.0.1",
      // Nothing is to leave this machine: whatever a name means, it is refused.
      PROBE_DENY_CIDRS: "0.0.0.0/0,::/0",
    },
    logFile,
  )
  const base = `http://127.0.0.1:${port}`
  const log = Effect.promise(() => readFile(logFile, "utf8"))
  const ready = yield* isReady(base).pipe(
    Effect.delay("50 millis"),
    Effect.repeat({ until: (yes) => yes || child.exitCode !== null }),
    Effect.timeoutOption(patienceMs),
  )
  if (!Option.contains(ready, true)) return yield* new ApiNotRunning({ message: yield* log })
  return { base, databaseUrl: postgres.url, keys: Object.values(keys), log }
})
