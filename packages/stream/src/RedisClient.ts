import { Data, Deferred, Effect, Exit, FiberId, Redacted } from "effect"
import { Redis } from "ioredis"
import { replyCode } from "./RedisFailure.ts"

/** The server is too old to be used. */
export class UnsupportedRedis extends Data.TaggedError("UnsupportedRedis")<{ readonly version: string }> {
  override get message(): string {
    return `Redis ${this.version} is too old: version ${oldestVersion} or newer is needed`
  }
}

/** The server cannot be used now; `cause` is what the client or the server said. */
export class Disconnected extends Data.TaggedError("Disconnected")<{ readonly cause: unknown }> {
  override get message(): string {
    return describe(this.cause)
  }
}

/** The first major version that takes entries which were trimmed away off the pending list (XCLAIM). */
const oldestVersion = 7

/** How long one attempt to connect may take, in milliseconds. */
const attemptMs = 3_000

/**
 * A client that connects once and is thrown away with its connection: one that reconnects by itself may lose the timer of
 * its next attempt, leave a blocking read that never settles, or send a command again whose answer was lost.
 */
export interface RedisClient {
  readonly redis: Redis
  /** Done once the connection is closed or was given up; every command that it had not answered fails then. */
  readonly ended: Deferred.Deferred<void>
  /** The last error that the connection itself met, null if none. */
  readonly failure: () => unknown
  /** Gives the connection up, at once and for good. */
  readonly close: () => void
}

/** What a server says about itself and the connection. */
export interface ServerInfo {
  /** Whether it may evict our keys (`maxmemory-policy`); empty if it does not tell. */
  readonly evictionPolicy: string
  /** The number it knows the connection by (`CLIENT ID`); null if it does not tell. */
  readonly clientId: number | null
}

/**
 * A client that is not connected yet.
 *
 * @param name how the connection is called in `CLIENT LIST`; no spaces
 * @param onEnd called when the connection is closed, by whichever side
 */
export const make = (url: Redacted.Redacted<string>, name: string, onEnd: () => void): RedisClient => {
  const redis = new Redis(Redacted.value(url), {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: attemptMs,
    disconnectTimeout: 200,
    keepAlive: 10_000,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    disableClientInfo: true,
    connectionName: name,
  })
  const ended = Deferred.unsafeMake<void>(FiberId.none)
  let failure: unknown = null
  let isGivenUp = false
  redis.on("error", (cause: unknown) => {
    failure = cause
  })
  const end = () => {
    Deferred.unsafeDone(ended, Exit.void)
    onEnd()
  }
  redis.on("close", end)
  redis.on("end", end)
  return {
    redis,
    ended,
    failure: () => failure,
    close: () => {
      if (isGivenUp) return
      isGivenUp = true
      if (redis.status !== "end" && redis.status !== "wait") redis.disconnect()
      end()
    },
  }
}

/** Connects, and makes sure within three seconds that the server is one to work with. */
export const connect = (client: RedisClient): Effect.Effect<ServerInfo, UnsupportedRedis | Disconnected> =>
  Effect.gen(function* () {
    yield* attempt(() => client.redis.connect())
    const info = yield* attempt(() => client.redis.info()).pipe(
      Effect.catchIf(
        ({ cause }) => replyCode(cause) === "NOPERM",
        () => Effect.succeed(""),
      ),
    )
    if (infoField(info, "loading") === "1") return yield* new Disconnected({ cause: new Error("it is still loading") })
    const version = infoField(info, "redis_version")
    if (version !== undefined && Number.parseInt(version, 10) < oldestVersion) {
      return yield* new UnsupportedRedis({ version })
    }
    const clientId = yield* attempt(() => client.redis.client("ID")).pipe(
      Effect.catchIf(
        ({ cause }) => replyCode(cause) !== null,
        () => Effect.succeed(null),
      ),
    )
    return { evictionPolicy: infoField(info, "maxmemory_policy") ?? "", clientId }
  }).pipe(
    Effect.timeoutFail({
      duration: attemptMs,
      onTimeout: () => new Disconnected({ cause: new Error("it does not answer") }),
    }),
    Effect.catchTag("Disconnected", ({ cause }) => new Disconnected({ cause: client.failure() ?? cause })),
  )

const attempt = <A>(command: () => Promise<A>) =>
  Effect.tryPromise({ try: command, catch: (cause) => new Disconnected({ cause }) })

const infoField = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1]

const describe = (cause: unknown): string => {
  if (cause instanceof AggregateError) return describe(cause.errors[0])
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}
