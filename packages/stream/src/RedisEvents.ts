import { Clock, Deferred, Effect, Either, Layer, Queue, RcRef, type Redacted, Schema, type Scope } from "effect"
import { type Event, Event as EventSchema, Events, type Heard } from "./Events.ts"
import * as RedisClient from "./RedisClient.ts"
import * as RedisConnection from "./RedisConnection.ts"
import { makeSubscribers } from "./Subscribers.ts"

/** For how long nothing is sent after nobody listened, in milliseconds. */
const quietMs = 1_000

/** The most events that wait to be sent; what does not fit is missed. */
const maxUnsent = 100

/** The longest message that is looked at, in UTF-16 code units: a batch of results is a tenth of it. */
const maxMessageLength = 1_000_000

/** How long a subscriber waits for the first attempt to listen, in milliseconds. */
const attemptMs = 1_000

/** The wait before a subscription is made anew, in milliseconds. */
const retryMs = 500

const decode = Schema.decodeUnknownEither(Schema.parseJson(EventSchema))

/**
 * Events over a channel of Redis (`PUBLISH`, at most once), for any number of processes. The channel is listened to only
 * while this process has a subscriber, so that publishing costs nothing anywhere while nobody looks at anything. Whenever
 * the subscription was interrupted, subscribers hear of a gap.
 *
 * @param options.key the key of the stream of jobs: the channel is `<key>:events`
 */
export const layer = (options: { readonly url: Redacted.Redacted; readonly key: string }): Layer.Layer<Events> =>
  Layer.scoped(
    Events,
    Effect.gen(function* () {
      const channel = `${options.key}:events`
      const connection = yield* RedisConnection.make({ url: options.url, name: "uptime-events", announce: false })
      const unsent = yield* Queue.dropping<Event>(maxUnsent)
      const subscribers = makeSubscribers()
      let quietUntil = 0

      const send = (event: Event) =>
        connection
          .run("publish event", (redis) => redis.publish(channel, JSON.stringify(event)))
          .pipe(
            Effect.flatMap((listeners) =>
              listeners > 0
                ? Effect.void
                : Effect.map(Clock.currentTimeMillis, (now) => {
                    quietUntil = now + quietMs
                  }),
            ),
            Effect.catchAll((error) => Effect.logDebug(`an event is not told: ${error.message}`)),
          )
      yield* Queue.take(unsent).pipe(
        Effect.flatMap(send),
        Effect.forever,
        Effect.withTracerEnabled(false),
        Effect.interruptible,
        Effect.forkScoped,
      )

      const listening = yield* RcRef.make({ acquire: listen(options.url, channel, subscribers.tell) })

      return Events.of({
        publish: (event) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            if (now >= quietUntil) unsent.unsafeOffer(event)
          }),
        // Heard from the first moment on, hence the queue before the channel.
        subscribe: Effect.zipLeft(subscribers.subscribe, RcRef.get(listening)),
      })
    }),
  )

/** Listens to the channel until the scope closes, on a connection of its own that is replaced whenever it breaks. */
const listen = (
  url: Redacted.Redacted,
  channel: string,
  tell: (heard: Heard) => void,
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const attempted = yield* Deferred.make<void>()
    let missed = false
    const session = Effect.acquireUseRelease(
      Effect.sync(() => RedisClient.make(url, "uptime-events-reader", () => undefined)),
      (client) =>
        Effect.gen(function* () {
          yield* RedisClient.connect(client)
          client.redis.on("message", (_, text) => {
            if (text.length > maxMessageLength) return
            const event = decode(text)
            if (Either.isRight(event)) tell(event.right)
          })
          yield* Effect.tryPromise(() => client.redis.subscribe(channel))
          yield* Deferred.succeed(attempted, undefined)
          if (missed) tell({ _tag: "Gap" })
          yield* Deferred.await(client.ended)
        }),
      (client) => Effect.sync(client.close),
    )
    yield* session.pipe(
      Effect.catchAll((error) => Effect.logDebug("events cannot be listened to", error)),
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
