import { Deferred, Effect, type Redacted, type Scope } from "effect"
import * as RedisClient from "./RedisClient.ts"
import * as RedisLocation from "./RedisLocation.ts"

/** What is listened to, and who is told. */
export interface SubscriptionOptions {
  readonly url: Redacted.Redacted
  readonly channel: string
  /** Whether in a cluster only the node that has the channel's slot is told what is said there (`SPUBLISH`). */
  readonly isSharded: boolean
  /** How the connection is called in `CLIENT LIST`; no spaces. */
  readonly name: string
  /** Called with each message of at most a million UTF-16 code units; longer ones are passed over. */
  readonly onMessage: (text: string) => void
  /** Called when the channel is listened to again after a time in which it was not. */
  readonly onGap: () => void
}

/** The longest message that is looked at, in UTF-16 code units: a batch of results is a tenth of it. */
const maxMessageLength = 1_000_000

/** How long a subscriber waits for the first attempt to listen, in milliseconds. */
const attemptMs = 1_000

/** The wait before a subscription is made anew, in milliseconds. */
const retryMs = 500

/**
 * Listens to a channel of Redis until the scope closes, on a connection of its own that is replaced whenever it breaks.
 * Returns once the first attempt has ended, well or not, and after a second at the latest.
 */
export const listen = Effect.fnUntraced(function* ({
  channel,
  isSharded,
  name,
  onGap,
  onMessage,
  url,
}: SubscriptionOptions): Effect.fn.Return<void, never, Scope.Scope> {
  const attempted = yield* Deferred.make<void>()
  const location = RedisLocation.make(url, channel)
  const sharded = isSharded && location.isCluster
  let missed = false
  const session = Effect.flatMap(location.locate, (server) =>
    Effect.acquireUseRelease(
      Effect.sync(() => RedisClient.make(server, name, () => undefined)),
      Effect.fnUntraced(function* (client) {
        yield* RedisClient.connect(client)
        client.redis.on(sharded ? "smessage" : "message", (_: string, text: string) => {
          if (text.length <= maxMessageLength) onMessage(text)
        })
        // By an answer that nobody asked for, a node says that it has lost the channel's slot.
        if (sharded) client.redis.on("error", client.close)
        yield* Effect.tryPromise(() => (sharded ? client.redis.ssubscribe(channel) : client.redis.subscribe(channel)))
        yield* Deferred.succeed(attempted, undefined)
        if (missed) onGap()
        yield* Deferred.await(client.ended)
      }),
      (client) => Effect.sync(client.close),
    ),
  )
  yield* session.pipe(
    Effect.catchAll((error) => Effect.logDebug(`the channel ${channel} cannot be listened to`, error)),
    Effect.zipRight(Deferred.succeed(attempted, undefined)),
    Effect.tap(() => {
      missed = true
    }),
    Effect.zipRight(Effect.sleep(retryMs)),
    Effect.forever,
    Effect.withTracerEnabled(false),
    Effect.interruptible,
    Effect.forkScoped,
  )
  yield* Effect.timeoutOption(Deferred.await(attempted), attemptMs)
})
