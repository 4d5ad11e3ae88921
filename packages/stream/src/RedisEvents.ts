import { Clock, Effect, Either, Layer, Queue, RcRef, type Redacted, Schema } from "effect"
import { type Event, Event as EventSchema, Events } from "./Events.ts"
import * as RedisConnection from "./RedisConnection.ts"
import * as RedisLocation from "./RedisLocation.ts"
import * as RedisSubscription from "./RedisSubscription.ts"
import { makeSubscribers } from "./Subscribers.ts"

/** For how long nothing is sent after nobody listened, in milliseconds. */
const quietMs = 1_000

/** The most events that wait to be sent; what does not fit is missed. */
const maxUnsent = 100

const decode = Schema.decodeUnknownEither(Schema.parseJson(EventSchema))

/**
 * Events over a channel of Redis (`PUBLISH`, at most once; in a cluster `SPUBLISH`, which stays on one node), for any number of
 * processes. The channel is listened to only
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
      const connection = yield* RedisConnection.make({
        url: options.url,
        key: channel,
        name: "uptime-events",
        announce: false,
      })
      const { isCluster } = RedisLocation.make(options.url, channel)
      const unsent = yield* Queue.dropping<Event>(maxUnsent)
      const subscribers = makeSubscribers()
      let quietUntil = 0

      const send = (event: Event) =>
        connection
          .run("publish event", (redis) =>
            isCluster ? redis.spublish(channel, JSON.stringify(event)) : redis.publish(channel, JSON.stringify(event)),
          )
          .pipe(
            Effect.flatMap((listeners) =>
              Number(listeners) > 0
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

      const listening = yield* RcRef.make({
        acquire: RedisSubscription.listen({
          url: options.url,
          channel,
          isSharded: true,
          name: "uptime-events-reader",
          onMessage: (text) => {
            const event = decode(text)
            if (Either.isRight(event)) subscribers.tell(event.right)
          },
          onGap: () => subscribers.tell({ _tag: "Gap" }),
        }),
      })

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
