import * as Path from "node:path"
import { Effect, type Scope } from "effect"
import { type AppProcess, startApp } from "../../packages/testing/src/AppProcess.ts"
import { freePort } from "../../packages/testing/src/FreePort.ts"
import { flagsOf } from "../flags.mjs"
import type { Bundles } from "./Bundles.ts"
import type { Links } from "./Links.ts"

/** A process of ours in a world. */
export interface App extends AppProcess {
  /** Which life: `worker USA 3`. */
  readonly name: string
  /** What it wrote down, where it is one of the harness's own; see `Book`. */
  readonly journal: string | null
  /** Where it answers `/readyz` and `/metrics`, and the api everything else; without a slash at the end. */
  readonly url: string
}

/** How a process is started. */
export interface AppOptions {
  /** Its links to the servers; those that all of its kind share unless given. */
  readonly links?: Links
  /** Whether it runs between the layers of the harness and keeps a journal. Not for the api. */
  readonly observed?: boolean
  /** Where it kills itself, for one that is observed; see `apps/`. */
  readonly killAt?: string
  /** How probable that is each time; 1 unless given. */
  readonly killChance?: number
  /** More variables, with the last word. */
  readonly env?: Readonly<Record<string, string>>
}

/** What no log may hold. */
export const secrets = {
  database: "fault-database-password",
  jwt: "fault-jwt-secret-fault-jwt-secret-fault",
  encryption: "fault-encryption-key-fault-encryption-key",
} as const

/** The stream's key in every world. */
export const streamKey = "faults"

/** How many checks a worker runs at once. */
export const concurrency = 100

/** Starts processes of one world, and remembers them. */
export const makeApps = (options: {
  readonly bundles: Bundles
  readonly links: { readonly [kind in "api" | "producer" | "worker"]: Links }
  readonly regions: ReadonlyArray<string>
  readonly folder: string
  readonly seed: number
  /** The port of the database itself, past all links. */
  readonly postgresPort: number
}) => {
  const started: Array<App> = []
  const running = new Set<App>()

  const start = Effect.fnUntraced(function* (
    kind: "api" | "producer" | "worker",
    label: string,
    { env = {}, killAt, killChance, links = options.links[kind], observed = killAt !== undefined }: AppOptions,
  ): Effect.fn.Return<App, never, Scope.Scope> {
    const name = `${label} ${started.length + 1}`
    const journal = observed ? Path.join(options.folder, `${name.replaceAll(" ", "-")}.jsonl`) : null
    const port = yield* freePort
    const { bundles } = options
    const observedBundle = kind === "worker" ? bundles.observedWorker : bundles.observedProducer
    const environment = {
      DATABASE_URL: `postgres://postgres:${secrets.database}@127.0.0.1:${links.postgres.port}/postgres`,
      REDIS_URL: `redis://127.0.0.1:${links.redis.port}`,
      STREAM_KEY: streamKey,
      REGIONS: options.regions.join(","),
      PROBE_CONCURRENCY: String(concurrency),
      PROBE_ALLOW_CIDRS: "127.0.0.0/8",
      JWT_SECRET: secrets.jwt,
      ENCRYPTION_KEY: secrets.encryption,
      PORT: String(port),
      LOG_FORMAT: "json",
      NODE_ENV: "production",
      ...(journal === null ? {} : { JOURNAL: journal }),
      ...(killAt === undefined
        ? {}
        : { KILL_AT: killAt, KILL_CHANCE: String(killChance ?? 1), KILL_SEED: String(options.seed) }),
      ...env,
    }
    const bundle = observed ? observedBundle : bundles[kind]
    const process = yield* startApp(bundle, environment, { flags: flagsOf(kind) })
    const app: App = { ...process, name, journal, url: `http://127.0.0.1:${port}` }
    started.push(app)
    running.add(app)
    yield* Effect.forkScoped(
      Effect.zipRight(
        app.ended,
        Effect.sync(() => running.delete(app)),
      ),
    )
    return app
  })

  return {
    /** Every process that was ever started, dead ones too. */
    started: (): ReadonlyArray<App> => started,
    /** Those that have not ended. The id of one that has may be another's by now, of ours or of anybody's. */
    running: (): Iterable<App> => running,
    /** Starts a worker of a region, killed with the scope. */
    worker: (region: string, how: AppOptions = {}) =>
      start("worker", `worker ${region}`, { ...how, env: { REGION: region, ...how.env } }),
    /** Starts a producer, killed with the scope. */
    producer: (how: AppOptions = {}) => start("producer", "producer", how),
    /** Starts a process that migrates a database of the server, killed with the scope. */
    migrate: (database: string) =>
      startApp(options.bundles.migrate, {
        DATABASE_URL: `postgres://postgres:${secrets.database}@127.0.0.1:${options.postgresPort}/${database}`,
      }),
    /** Starts an api, killed with the scope. */
    api: (how: Omit<AppOptions, "observed" | "killAt" | "killChance"> = {}) => start("api", "api", how),
  }
}
