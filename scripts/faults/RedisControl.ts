import { Effect, type Scope } from "effect"
import { Redis } from "ioredis"

/** What is done to a Redis, and asked of it, beside everything that is under test. */
export interface RedisControl {
  /** One command; fails while the server is away. */
  readonly call: (command: string, ...args: ReadonlyArray<string | number>) => Effect.Effect<unknown, Error>
  /** How many connections the processes of the product have. */
  readonly ownClients: Effect.Effect<number, Error>
  /** How many connections were ever made to it. */
  readonly connectionsEver: Effect.Effect<number, Error>
}

/** A connection of its own, made anew when it breaks. */
export const redisControl = Effect.fnUntraced(function* (
  url: string,
): Effect.fn.Return<RedisControl, never, Scope.Scope> {
  const redis = yield* Effect.acquireRelease(
    Effect.sync(() =>
      new Redis(url, { retryStrategy: () => 100, maxRetriesPerRequest: 0, connectionName: "harness" }).on(
        "error",
        () => {},
      ),
    ),
    (client) => Effect.sync(() => client.disconnect()),
  )
  const attempt = <A>(ask: () => Promise<A>) =>
    Effect.tryPromise({
      try: ask,
      catch: (cause) => (cause instanceof Error ? cause : new Error(String(cause))),
    })
  return {
    call: (command, ...args) => attempt(() => redis.call(command, [...args])),
    ownClients: Effect.map(
      attempt(() => redis.call("client", ["LIST"])),
      (list) =>
        String(list)
          .split("\n")
          .filter((line) => /\bname=uptime-/.test(line)).length,
    ),
    connectionsEver: Effect.map(
      attempt(() => redis.info("stats")),
      (info) => Number(/total_connections_received:(\d+)/.exec(info)?.[1] ?? 0),
    ),
  }
})
