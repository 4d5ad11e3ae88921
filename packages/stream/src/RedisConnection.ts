import { Cause, Clock, Deferred, Effect, FiberId, Random, type Redacted, type Scope } from "effect"
import type { Redis } from "ioredis"
import { StreamError } from "./CheckStream.ts"
import * as RedisClient from "./RedisClient.ts"
import { isElsewhere, isMoved, streamError } from "./RedisFailure.ts"
import * as RedisLocation from "./RedisLocation.ts"

/** How a command is run. */
export interface RunOptions {
  /** How long it may take once it is sent, in milliseconds; 2,000 unless given. */
  readonly limitMs?: number
  /** Whether the server may hold its answer back: then the connection goes with the caller's interruption. */
  readonly blocking?: boolean
}

/** One connection to the server that holds a key, replaced whenever it breaks or the key is found elsewhere. */
export interface RedisConnection {
  /**
   * Runs one command, waiting up to 900 ms for a connection. When it takes longer than its limit the connection is
   * replaced, and whatever else waits on it is `unavailable` too. One that a node of a cluster refused because the key has
   * moved is sent once more, to the node that has it now.
   *
   * A command whose caller is interrupted runs on, unless it is `blocking`: the server must not answer that one any more.
   */
  readonly run: <A>(
    operation: string,
    command: (redis: Redis) => Promise<A>,
    options?: RunOptions,
  ) => Effect.Effect<A, StreamError>
  /** Whether commands are sent at once now, as far as anybody knows. */
  readonly isConnected: () => boolean
  /** The number that the server knows the connection by; null while there is none, or where it does not tell. */
  readonly clientId: () => number | null
  /** Waits until the first attempt to connect has ended, well or not. */
  readonly attempted: Effect.Effect<void, RedisClient.UnsupportedRedis>
}

/** With the limit of a command this keeps the promise that a call ends within three seconds. */
const connectWaitMs = 900
const defaultLimitMs = 2_000

/** The wait before another attempt grows from the first to the second, in milliseconds. */
const firstDelayMs = 50
const lastDelayMs = 1_000

/** Milliseconds between two log lines about a server that is away. */
const logEveryMs = 5_000

/**
 * Connects, and connects anew, for as long as the scope is open.
 *
 * @param options.url one server or a cluster, as `parseRedisUrl` reads it
 * @param options.key in a cluster, the key that commands are about: the connection goes to the node that has its slot
 * @param options.name how the connection is called in `CLIENT LIST`; no spaces
 * @param options.announce whether a server that is away, or evicts keys, is written to the log
 */
export const make = Effect.fnUntraced(function* (options: {
  readonly url: Redacted.Redacted<string>
  readonly key: string
  readonly name: string
  readonly announce: boolean
}): Effect.fn.Return<RedisConnection, never, Scope.Scope> {
  const attempted = yield* Deferred.make<void, RedisClient.UnsupportedRedis>()
  let current: RedisClient.RedisClient | null = null
  let arrival = Deferred.unsafeMake<void>(FiberId.none)
  let failure: RedisClient.UnsupportedRedis | RedisClient.Disconnected = new RedisClient.Disconnected({
    cause: new Error("not connected yet"),
  })
  let failures = 0
  let loggedAt = Number.NEGATIVE_INFINITY
  let evictionPolicy = ""
  let clientId: number | null = null
  const location = RedisLocation.make(options.url, options.key)

  const open = (url: Redacted.Redacted<string>) =>
    Effect.sync(() => {
      const client = RedisClient.make(url, options.name, () => {
        if (current === client) current = null
      })
      return client
    })

  const arrived = Effect.fnUntraced(function* (client: RedisClient.RedisClient, info: RedisClient.ServerInfo) {
    const waiting = arrival
    arrival = Deferred.unsafeMake<void>(FiberId.none)
    current = client
    clientId = info.clientId
    yield* Deferred.succeed(waiting, undefined)
    yield* Deferred.succeed(attempted, undefined)
    if (options.announce && failures > 0) yield* Effect.logInfo("Redis is there again")
    failures = 0
    if (options.announce && info.evictionPolicy !== evictionPolicy && info.evictionPolicy.startsWith("allkeys-")) {
      yield* Effect.logWarning(
        `Redis evicts keys when its memory is full (maxmemory-policy ${info.evictionPolicy}), and with them the stream of jobs: set it to noeviction`,
      )
    }
    evictionPolicy = info.evictionPolicy
  })

  const failed = Effect.fnUntraced(function* (error: RedisClient.UnsupportedRedis | RedisClient.Disconnected) {
    failure = error
    failures++
    yield* error._tag === "UnsupportedRedis" ? Deferred.fail(attempted, error) : Deferred.succeed(attempted, undefined)
    const now = yield* Clock.currentTimeMillis
    if (!options.announce || now - loggedAt < logEveryMs) return
    loggedAt = now
    yield* Effect.logWarning(`Redis cannot be used, trying again: ${error.message}`)
  })

  /** One connection, from its attempt to its end. */
  const session = location.locate.pipe(
    Effect.flatMap((url) =>
      Effect.acquireUseRelease(
        open(url),
        (client) =>
          RedisClient.connect(client).pipe(
            Effect.flatMap((info) => arrived(client, info)),
            Effect.zipRight(Deferred.await(client.ended)),
          ),
        (client) => Effect.sync(client.close),
      ),
    ),
    Effect.catchAll(failed),
  )

  const delay = Effect.flatMap(Random.next, (random) => {
    const most = Math.min(firstDelayMs * 2 ** Math.min(failures, 10), lastDelayMs)
    return Effect.sleep(most * (0.5 + random / 2))
  })

  yield* session.pipe(
    Effect.zipRight(delay),
    Effect.forever,
    Effect.catchAllCause((cause) =>
      Cause.isInterruptedOnly(cause)
        ? Effect.failCause(cause)
        : Effect.zipRight(Effect.logError("The connection to Redis is made anew after a fault of ours", cause), delay),
    ),
    Effect.forever,
    Effect.interruptible,
    Effect.forkScoped,
  )

  const connected: Effect.Effect<RedisClient.RedisClient> = Effect.suspend(() =>
    current === null ? Effect.zipRight(Deferred.await(arrival), connected) : Effect.succeed(current),
  )

  const connection = (operation: string): Effect.Effect<RedisClient.RedisClient, StreamError> =>
    Effect.suspend(() => {
      if (current !== null) return Effect.succeed(current)
      if (failure._tag === "UnsupportedRedis") {
        return new StreamError({ reason: "bug", operation, cause: failure })
      }
      // Interruptible, for the limit must hold in finalizers too.
      return Effect.timeoutFail(Effect.interruptible(connected), {
        duration: connectWaitMs,
        onTimeout: () => new StreamError({ reason: "unavailable", operation, cause: failure }),
      })
    })

  // With a timer of its own: a timeout of Effect's takes two more fibers, twice the cost of the command itself.
  const send = <A>(
    client: RedisClient.RedisClient,
    operation: string,
    command: (redis: Redis) => Promise<A>,
    limitMs: number,
    blocking: boolean,
  ) =>
    Effect.async<A, StreamError>((resume) => {
      const late = setTimeout(() => {
        client.close()
        const cause = new Error(`no answer within ${limitMs} ms`)
        resume(new StreamError({ reason: "unavailable", operation, cause }))
      }, limitMs)
      command(client.redis).then(
        (answer) => {
          clearTimeout(late)
          resume(Effect.succeed(answer))
        },
        (cause: unknown) => {
          clearTimeout(late)
          if (isElsewhere(cause)) client.close()
          resume(streamError(operation, cause))
        },
      )
      return blocking ? Effect.sync(client.close) : undefined
    })

  const run: RedisConnection["run"] = (operation, command, { blocking = false, limitMs = defaultLimitMs } = {}) =>
    Effect.flatMap(connection(operation), (client) => send(client, operation, command, limitMs, blocking))

  return {
    isConnected: () => current !== null,
    clientId: () => (current === null ? null : clientId),
    attempted: Deferred.await(attempted),
    run: location.isCluster
      ? (...args) =>
          Effect.catchIf(
            run(...args),
            ({ cause }) => isMoved(cause),
            () => run(...args),
          )
      : run,
  }
})
