import type { SqlClient } from "@effect/sql/SqlClient"
import { Clock, Effect, type Scope } from "effect"
import type { Region } from "../../packages/domain/src/Region.ts"
import type { CheckStream } from "../../packages/stream/src/CheckStream.ts"
import type { Usage } from "../../packages/testing/src/faults/Bounds.ts"
import type { Backlog } from "../../packages/testing/src/faults/Recovery.ts"
import type { App } from "./Apps.ts"
import { streamKey } from "./Apps.ts"
import { sizeOf } from "./ProcessStatus.ts"
import type { RedisControl } from "./RedisControl.ts"

/** What is looked at again and again while a world is there. */
export interface Samples {
  readonly backlogs: ReadonlyArray<Backlog>
  readonly usages: ReadonlyArray<Usage>
  /** The process that has had most memory in use; null before the first look. */
  readonly largest: () => Largest | null
}

/** A process of ours and its memory in use, in bytes, at an instant, in milliseconds since the epoch. */
export interface Largest {
  readonly name: string
  readonly rssBytes: number
  readonly at: number
}

/** Null where the question fails, or takes longer than a second: the server is what was broken. */
const orNull = <A, E, R>(question: Effect.Effect<A, E, R>): Effect.Effect<A | null, never, R> =>
  question.pipe(
    Effect.disconnect,
    Effect.timeout("1 second"),
    Effect.catchAllCause(() => Effect.succeed(null)),
  )

/** Looks at the backlog four times a second, and at memory and connections once, on connections that no fault breaks. */
export const sample = Effect.fnUntraced(function* (options: {
  readonly stream: typeof CheckStream.Service
  readonly redis: RedisControl
  readonly sql: SqlClient
  readonly regions: ReadonlyArray<Region>
  readonly apps: () => Iterable<App>
}): Effect.fn.Return<Samples, never, Scope.Scope> {
  const { apps, redis, regions, sql, stream } = options
  const backlogs: Array<Backlog> = []
  const usages: Array<Usage> = []
  let largest: Largest | null = null

  const lookBehind = Effect.gen(function* () {
    const groups = yield* orNull(stream.groups(regions))
    const oldestMs = groups === null ? null : Math.max(0, ...groups.map(({ oldestAgeMs }) => oldestAgeMs))
    backlogs.push({ at: yield* Clock.currentTimeMillis, oldestMs })
  })

  const lookAtUsage = Effect.gen(function* () {
    const at = yield* Clock.currentTimeMillis
    const rss: Array<number> = []
    for (const { name, pid } of apps()) {
      const rssBytes = sizeOf(pid, "VmRSS")
      if (rssBytes === null) continue
      rss.push(rssBytes)
      if (rssBytes > (largest?.rssBytes ?? 0)) largest = { name, rssBytes, at }
    }
    const connections = yield* orNull(sql<{ readonly n: number }>`
        SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name LIKE 'uptime-%'`)
    const clients = yield* orNull(redis.ownClients)
    const length = yield* orNull(redis.call("xlen", streamKey))
    usages.push({
      rssBytes: rss.length === 0 ? null : Math.max(...rss),
      postgresConnections: connections?.[0]?.n ?? null,
      redisConnections: clients,
      streamLength: typeof length === "number" ? length : null,
    })
  })

  yield* lookBehind.pipe(Effect.delay("250 millis"), Effect.forever, Effect.forkScoped)
  yield* lookAtUsage.pipe(Effect.delay("1 second"), Effect.forever, Effect.forkScoped)
  return { backlogs, usages, largest: () => largest }
})
