import { TooManyRequests } from "@uptime/contract/ApiErrors"
import type { IncidentId, MonitorId, UserId } from "@uptime/domain/Ids"
import { LiveResults } from "@uptime/persistence/LiveResults"
import { gauge } from "@uptime/runtime/Metrics"
import { supervised } from "@uptime/runtime/Supervised"
import { Events, type Heard, type ResultKey } from "@uptime/stream/Events"
import { Clock, Context, Effect, Layer, Array as List, Metric, Queue, RcRef, Stream } from "effect"
import { type EventName, eventFrame } from "./EventFrame.ts"
import { EventRing } from "./EventRing.ts"

/** The most streams of one person, and of one process. */
export const maxStreamsPerUser = 20
export const maxStreams = 2_000

/** The most events that wait for one client to read them. */
export const maxUnread = 1_000

/**
 * For how long events are kept for a person whose last stream ended, in milliseconds, and for how many people. Events are
 * listened to for longer, so that none is missing among those that are kept.
 */
export const keepMs = 60_000
const listenMs = keepMs + 30_000
const maxAudiences = 4_000

/** How often what was stored is looked through for what was not heard of. */
const pollEvery = "15 seconds"

/** The most results of which is known that they were told; beyond them some are told twice. */
const maxTold = 200_000

const streams = gauge("uptime_event_streams", "Streams of server-sent events that are open.")

/** One open stream: what waits to be written, and null at its end. */
interface Listener {
  readonly unread: Queue.Queue<string | null>
}

/** Everybody who looks at one person's things, and the last events for whoever comes back. */
interface Audience {
  readonly ring: EventRing
  readonly listeners: Set<Listener>
  emptySince: number
}

/** What happens to people's things, told to their open dashboards while it happens. */
export class LiveEvents extends Context.Tag("@uptime/api/LiveEvents")<
  LiveEvents,
  {
    /**
     * The events of a person from now on, or from after `lastEventId` where that can still be told (else `reset` comes
     * first), as text for the wire. The stream ends, after a `reset`, when its reader does not keep up. Fails when the
     * person, or the process, has as many streams as it may have.
     */
    readonly open: (
      userId: UserId,
      lastEventId: string | undefined,
    ) => Effect.Effect<Stream.Stream<string>, TooManyRequests>
  }
>() {
  static readonly layerNoDeps = Layer.scoped(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const events = yield* Events
  const results = yield* LiveResults
  // Numbers begin anew with each process, and what another one counted means nothing here.
  const epoch = yield* Effect.sync(() => crypto.randomUUID().slice(0, 8))
  const audiences = new Map<UserId, Audience>()
  const told = new Map<string, number>()
  let open = 0

  const frameOf = (name: EventName, data: unknown) => (n: number) => eventFrame(name, `${epoch}-${n}`, data)

  const tell = (userId: UserId, name: EventName, data: unknown): void => {
    const audience = audiences.get(userId)
    if (audience === undefined) return
    const { frame } = audience.ring.add(frameOf(name, data))
    for (const listener of audience.listeners) {
      if (listener.unread.unsafeOffer(frame)) continue
      audience.listeners.delete(listener)
      cutOff(listener, frameOf("reset", {})(audience.ring.newest))
    }
  }

  const reset = (): void => {
    for (const [userId, { ring }] of audiences) {
      ring.clear()
      tell(userId, "reset", {})
    }
  }

  const users = Effect.map(Clock.currentTimeMillis, (now) => {
    for (const [userId, { emptySince, listeners }] of audiences) {
      if (listeners.size === 0 && now - emptySince > keepMs) audiences.delete(userId)
    }
    if (audiences.size === 0) told.clear()
    return [...audiences.keys()]
  })

  const tellResults = Effect.fnUntraced(function* (keys: ReadonlyArray<ResultKey>) {
    const userIds = yield* users
    if (userIds.length === 0 || keys.length === 0) return []
    const found = yield* results.owned(userIds, keys)
    for (const owned of Object.values(List.groupBy(found, ({ result }) => result.monitorId))) {
      const [
        {
          result: { monitorId },
          userId,
        },
      ] = owned
      tell(userId, "result", { monitorId, results: owned.map(({ result }) => result) })
      for (const { result } of owned) {
        if (told.size >= maxTold) told.clear()
        told.set(`${monitorId} ${result.location}`, result.scheduledAt.epochMillis)
      }
    }
    return found
  })

  const tellChanges = (
    userId: UserId,
    monitorIds: ReadonlyArray<MonitorId>,
    incidentIds: ReadonlyArray<IncidentId>,
  ): void => {
    if (monitorIds.length > 0) tell(userId, "monitor", { ids: monitorIds })
    for (const id of incidentIds) tell(userId, "incident", { id })
  }

  const hear = (heard: Heard) => {
    switch (heard._tag) {
      case "Gap":
        return Effect.sync(reset)
      case "Changed":
        return Effect.sync(() => tellChanges(heard.userId, heard.monitorIds, heard.incidentIds))
      case "Results":
        // What cannot be read now is told by the next look at what was stored.
        return tellResults(heard.keys).pipe(
          Effect.catchAll((error) => Effect.logDebug(`results are not told: ${error.message}`)),
        )
    }
  }

  const poll = Effect.gen(function* () {
    const userIds = yield* users
    if (userIds.length === 0) return
    const { changes, keys } = yield* results.lately(userIds)
    const missed = keys.filter(([monitorId, location, slot]) => (told.get(`${monitorId} ${location}`) ?? 0) < slot)
    for (let i = 0; i < missed.length; i += 1_000) {
      const found = yield* tellResults(missed.slice(i, i + 1_000))
      for (const owned of Object.values(List.groupBy(found, ({ userId }) => userId))) {
        tell(owned[0].userId, "monitor", { ids: [...new Set(owned.map(({ result }) => result.monitorId))] })
      }
    }
    for (const { incidentIds, monitorIds, userId } of changes) tellChanges(userId, monitorIds ?? [], incidentIds ?? [])
  })
  yield* supervised("events poll", poll, { every: pollEvery })

  /** Listens for as long as somebody does, and a while longer, so that whoever comes back can be told. */
  const listening = yield* RcRef.make({
    acquire: Effect.flatMap(events.subscribe, (queue) =>
      Queue.take(queue).pipe(
        Effect.flatMap(hear),
        Effect.catchAllCause((cause) => Effect.logError("an event was not told by a fault of ours", cause)),
        Effect.forever,
        Effect.withTracerEnabled(false),
        Effect.interruptible,
        Effect.forkScoped,
      ),
    ),
    idleTimeToLive: listenMs,
  })

  const audienceOf = (userId: UserId): Audience => {
    const known = audiences.get(userId)
    if (known !== undefined) return known
    const audience: Audience = { ring: new EventRing(), listeners: new Set(), emptySince: 0 }
    audiences.set(userId, audience)
    return audience
  }

  const join = (userId: UserId, listener: Listener) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        const audience = audienceOf(userId)
        audience.listeners.add(listener)
        open++
        return audience
      }),
      (audience) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          audience.listeners.delete(listener)
          audience.emptySince = now
          open--
        }),
    )

  yield* supervised(
    "event streams",
    Effect.suspend(() => Metric.set(streams, open)),
    { every: "5 seconds" },
  )

  return LiveEvents.of({
    open: Effect.fnUntraced(function* (userId, lastEventId) {
      yield* users
      const known = audiences.get(userId)
      const isFull = known === undefined && audiences.size >= maxAudiences
      if (open >= maxStreams || isFull || (known?.listeners.size ?? 0) >= maxStreamsPerUser) {
        return yield* TooManyRequests.after(30)
      }
      return Stream.unwrapScoped(
        Effect.gen(function* () {
          const listener: Listener = { unread: yield* Queue.dropping<string | null>(maxUnread) }
          // Heard first, joined second: between the two there would be events that nobody keeps.
          yield* RcRef.get(listening)
          const { ring } = yield* join(userId, listener)
          const [, ofEpoch = "", number = ""] = /^([0-9a-f]{8})-(\d{1,15})$/.exec(lastEventId ?? "") ?? []
          const missed = lastEventId === undefined ? [] : ofEpoch === epoch ? ring.after(Number(number)) : null
          const before = missed === null ? [frameOf("reset", {})(ring.newest)] : missed.map(({ frame }) => frame)
          return Stream.concat(
            Stream.fromIterable(before),
            Stream.fromQueue(listener.unread, { maxChunkSize: 64 }).pipe(
              Stream.takeWhile((frame): frame is string => frame !== null),
            ),
          )
        }),
      )
    }),
  })
})

/** The end of a stream whose reader does not keep up: instead of what waits, word that everything is to be read anew. */
const cutOff = ({ unread }: Listener, resetFrame: string): void => {
  Effect.runSync(Queue.takeAll(unread))
  unread.unsafeOffer(resetFrame)
  unread.unsafeOffer(null)
}
