import * as FsPromises from "node:fs/promises"
import * as Os from "node:os"
import * as Path from "node:path"
import { SqlClient } from "@effect/sql/SqlClient"
import { Clock, Context, Effect, Layer, Redacted, type Scope } from "effect"
import { Region } from "../../packages/domain/src/Region.ts"
import { migrate } from "../../packages/persistence/src/Migrations.ts"
import * as PostgresSql from "../../packages/persistence/src/PostgresSql.ts"
import { CheckStream } from "../../packages/stream/src/CheckStream.ts"
import * as RedisStream from "../../packages/stream/src/RedisStream.ts"
import type { Downtime } from "../../packages/testing/src/faults/Alarms.ts"
import type { Plan } from "../../packages/testing/src/faults/Plan.ts"
import { type Server, startPostgres, startRedis } from "../../packages/testing/src/Servers.ts"
import { type TargetFarm, targetFarm } from "../../packages/testing/src/TargetFarm.ts"
import { type WebhookReceiver, webhookReceiver } from "../../packages/testing/src/WebhookReceiver.ts"
import { makeApps, secrets, streamKey } from "./Apps.ts"
import { becomes } from "./Becomes.ts"
import { Book } from "./Book.ts"
import type { Bundles } from "./Bundles.ts"
import { type Links, makeLinks } from "./Links.ts"
import { type RedisControl, redisControl } from "./RedisControl.ts"
import { type Samples, sample } from "./Sampler.ts"

/** What a fault may want to be otherwise. */
export interface WorldOptions {
  readonly regions: ReadonlyArray<string>
  /** More arguments for the servers. */
  readonly redisFlags: ReadonlyArray<string>
  readonly postgresFlags: ReadonlyArray<string>
}

/**
 * What a fault is made in: a PostgreSQL (migrated), a Redis, targets and a receiver of messages of its own, a proxy on each
 * link, and whatever processes it starts. Everything ends with the scope.
 */
export interface World {
  readonly plan: Plan
  /** Whether this is the whole matrix (`--all`): faults last as long as the matrix says, else as short as they may. */
  readonly isWhole: boolean
  /** How long the soak goes on, in seconds (`--soak`). */
  readonly soakSeconds: number
  /** How long the database is away in F15, in seconds (`--outage`). */
  readonly outageSeconds: number
  readonly regions: ReadonlyArray<Region>
  /** The servers themselves: stop, kill, freeze and start them. Their ports and their data stay. */
  readonly postgres: Server
  readonly redis: Server
  /** The links that all processes of a kind share. */
  readonly links: { readonly [kind in "api" | "producer" | "worker"]: Links }
  /** Links for one process alone. */
  readonly ownLinks: Effect.Effect<Links, never, Scope.Scope>
  /** Starts processes; each is an `App`, which can be killed by any signal. */
  readonly apps: ReturnType<typeof makeApps>
  /** The database, the stream and Redis on connections that no fault breaks. */
  readonly sql: SqlClient
  readonly stream: typeof CheckStream.Service
  readonly control: RedisControl
  /** The targets. A path is a site: `answer` makes it go down, `/slow/250/…` takes its time. */
  readonly farm: TargetFarm
  /** Where channels send messages to. */
  readonly receiver: WebhookReceiver
  /** What was put on the stream by the harness; what producers did is in their journals. */
  readonly book: Book
  /** Times in which targets are down, as the fault makes them: what incidents are held against. */
  readonly downtimes: Array<Downtime>
  readonly samples: Samples
  /** Milliseconds since the epoch. */
  readonly now: Effect.Effect<number>
  /**
   * Waits until nothing on the stream is unread or pending, at most so many seconds, and three seconds more, in which it is seen
   * that recovery lasts; false when there still is.
   */
  readonly quiet: (seconds: number) => Effect.Effect<boolean>
}

/** Makes a world. */
export const makeWorld = Effect.fnUntraced(function* (
  bundles: Bundles,
  plan: Plan,
  length: Pick<World, "isWhole" | "outageSeconds" | "soakSeconds">,
  options: Partial<WorldOptions> = {},
): Effect.fn.Return<World, unknown, Scope.Scope> {
  const regions = (options.regions ?? ["USA", "India"]).map((name) => Region.make(name))
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => FsPromises.mkdtemp(Path.join(Os.tmpdir(), "uptime-faults-"))),
    (path) => Effect.promise(() => FsPromises.rm(path, { recursive: true, force: true })),
  )
  const [postgres, redis, farm, receiver] = yield* Effect.all(
    [
      startPostgres({ flags: options.postgresFlags }),
      startRedis({ flags: ["--enable-debug-command", "local", ...(options.redisFlags ?? [])] }),
      targetFarm,
      webhookReceiver,
    ],
    { concurrency: "unbounded" },
  )
  const context = yield* Layer.build(
    Layer.merge(
      PostgresSql.layer({ url: Redacted.make(postgres.url), applicationName: "harness", maxConnections: 4 }),
      RedisStream.layer({ url: Redacted.make(redis.url), key: streamKey }),
    ),
  )
  const sql = Context.get(context, SqlClient)
  const stream = Context.get(context, CheckStream)
  const control = yield* redisControl(redis.url)
  yield* Effect.provide(migrate, context)
  yield* stream.trim(regions)

  const jitter = plan.of("jitter").random
  const ports = { redis: redis.port, postgres: postgres.port }
  const ownLinks = makeLinks(ports, jitter)
  const links = yield* Effect.all({ api: ownLinks, producer: ownLinks, worker: ownLinks })
  const apps = makeApps({ bundles, links, regions, folder, seed: plan.seed, postgresPort: postgres.port })
  const samples = yield* sample({ stream, redis: control, sql, regions, apps: apps.running })

  const isQuiet = stream.groups(regions).pipe(
    Effect.map((groups) => groups.every(({ lag, pending }) => lag === 0 && pending === 0)),
    Effect.orElseSucceed(() => false),
  )
  return {
    plan,
    ...length,
    regions,
    postgres,
    redis,
    links,
    ownLinks,
    apps,
    sql,
    stream,
    control,
    farm,
    receiver,
    book: new Book(regions),
    downtimes: [],
    samples,
    now: Clock.currentTimeMillis,
    quiet: (seconds) =>
      becomes(isQuiet, (quiet) => quiet, `${seconds} seconds`).pipe(Effect.zipLeft(Effect.sleep("3 seconds"))),
  }
})

/** What no log of a world may hold. */
export const worldSecrets: ReadonlyArray<string> = Object.values(secrets)
