import { assert, describe, it } from "@effect/vitest"
import { IncidentId, MonitorId, UserId } from "@uptime/domain/Ids"
import { Region } from "@uptime/domain/Region"
import { type Event, Event as EventSchema, Events, type Heard, maxWaiting } from "@uptime/stream/Events"
import * as MemoryEvents from "@uptime/stream/MemoryEvents"
import * as RedisEvents from "@uptime/stream/RedisEvents"
import { eventually } from "@uptime/testing/Eventually"
import { startRedisCluster } from "@uptime/testing/RedisCluster"
import { redisUrl } from "@uptime/testing/TestRedis"
import { Chunk, Context, Effect, Layer, Queue, Redacted, Schema } from "effect"
import { RawRedis, randomStreamKey } from "./RawRedis.ts"
import { sharedCluster } from "./SharedCluster.ts"

const monitor = MonitorId.make("11111111-1111-4111-8111-111111111111")
const results = (slot: number): Event => ({ _tag: "Results", keys: [[monitor, Region.make("USA"), slot]] })
const changed: Event = {
  _tag: "Changed",
  userId: UserId.make("22222222-2222-4222-8222-222222222222"),
  monitorIds: [monitor],
  incidentIds: [IncidentId.make("33333333-3333-4333-8333-333333333333")],
}

/** Two processes that share a Redis, and one that is alone with itself. */
const processesAt = Effect.fnUntraced(function* (url: string) {
  const key = yield* randomStreamKey
  const build = Effect.map(Layer.build(RedisEvents.layer({ url: Redacted.make(url), key })), Context.get(Events))
  return { speaker: yield* build, listener: yield* build, key }
})
const inRedis = Effect.flatMap(redisUrl, processesAt)
const inCluster = Effect.flatMap(sharedCluster, ({ url }) => processesAt(url))
const inMemory = Effect.map(Effect.map(Layer.build(MemoryEvents.layer), Context.get(Events)), (events) => ({
  speaker: events,
  listener: events,
}))

const heardBy = (queue: Queue.Dequeue<Heard>, count: number) =>
  Effect.timeoutFail(Queue.takeBetween(queue, count, count), {
    duration: "5 seconds",
    onTimeout: () => new Error("not heard"),
  }).pipe(Effect.map(Chunk.toReadonlyArray))

for (const [name, processes] of [
  ["in memory", inMemory],
  ["in Redis", inRedis],
  ["in a cluster", inCluster],
] as const) {
  describe(`Events ${name}`, () => {
    it.scopedLive("reach everybody who listens, whole and in order, and nobody who does not any more", () =>
      Effect.gen(function* () {
        const { listener, speaker } = yield* processes
        const one = yield* listener.subscribe
        const other = yield* listener.subscribe
        yield* Effect.scoped(listener.subscribe)
        yield* speaker.publish(results(1))
        yield* speaker.publish(changed)
        yield* speaker.publish(results(2))
        for (const queue of [one, other]) {
          assert.deepStrictEqual(yield* heardBy(queue, 3), [results(1), changed, results(2)])
        }
      }),
    )

    it.scopedLive("are a gap for whoever does not keep up, and go on after it", () =>
      Effect.gen(function* () {
        const { listener, speaker } = yield* processes
        const slow = yield* listener.subscribe
        for (let i = 0; i < maxWaiting + 50; i++) {
          yield* speaker.publish(results(i))
          if (i % 50 === 0)
            yield* eventually(Queue.size(slow), (size) => size > Math.min(i, maxWaiting - 60), "5 seconds")
        }
        yield* eventually(Queue.size(slow), (size) => size === maxWaiting, "5 seconds")
        const heard = yield* heardBy(slow, maxWaiting)
        assert.deepStrictEqual(
          heard.slice(0, -1),
          Array.from({ length: maxWaiting - 1 }, (_, i) => results(i)),
        )
        assert.deepStrictEqual(heard.at(-1), { _tag: "Gap" })
        yield* eventually(
          Effect.zipRight(speaker.publish(changed), Queue.poll(slow)),
          (next) => next._tag === "Some" && next.value._tag === "Changed",
          "5 seconds",
        )
      }),
    )

    it.scopedLive("are told in vain at no cost to the teller", () =>
      Effect.gen(function* () {
        const { speaker } = yield* processes
        yield* Effect.forEach(
          Array.from({ length: 1_000 }, (_, i) => results(i)),
          speaker.publish,
        ).pipe(Effect.timeoutFail({ duration: "2 seconds", onTimeout: () => new Error("publishing waits") }))
      }),
    )
  })
}

describe("Events in a cluster", () => {
  it.scopedLive(
    "have a gap when the node of their channel is killed, and go on through the replica that takes its place",
    () =>
      Effect.gen(function* () {
        const { masterOf, url } = yield* startRedisCluster({ hasReplicas: true })
        const { key, listener, speaker } = yield* processesAt(url)
        const queue = yield* listener.subscribe
        const node = yield* masterOf(`${key}:events`)
        yield* node.kill()
        yield* eventually(
          Effect.zipRight(speaker.publish(changed), Queue.takeAll(queue)),
          (heard) => Chunk.some(heard, ({ _tag }) => _tag === "Changed"),
          "15 seconds",
        )
      }),
    30_000,
  )

  it.scopedLive(
    "have a gap when the slot of their channel goes to another node, and go on there",
    () =>
      Effect.gen(function* () {
        const { masterOf, nodes, url } = yield* startRedisCluster()
        const { key, listener, speaker } = yield* processesAt(url)
        const queue = yield* listener.subscribe
        const from = yield* masterOf(`${key}:events`)
        const [to] = nodes.filter(({ port }) => port !== from.port)
        assert.isDefined(to)
        yield* moveSlot(
          `${key}:events`,
          nodes.map((node) => node.url),
          to?.url ?? "",
        )
        assert.deepStrictEqual(yield* heardBy(queue, 1), [{ _tag: "Gap" }])
        yield* eventually(
          Effect.zipRight(speaker.publish(changed), Queue.takeAll(queue)),
          (heard) => Chunk.some(heard, ({ _tag }) => _tag === "Changed"),
          "5 seconds",
        )
      }),
    30_000,
  )
})

/** Gives the slot of a key to another node, as all of them know then. */
const moveSlot = (key: string, urls: ReadonlyArray<string>, to: string) =>
  Effect.gen(function* () {
    const target = Context.get(yield* Layer.build(RawRedis.layer(to)), RawRedis)
    const slot = Number(yield* target.call("cluster", "KEYSLOT", key))
    const id = String(yield* target.call("cluster", "MYID"))
    for (const url of [to, ...urls]) {
      const node = Context.get(yield* Layer.build(RawRedis.layer(url)), RawRedis)
      yield* node.call("cluster", "SETSLOT", slot, "NODE", id)
    }
  })

describe("Events in Redis", () => {
  it.scopedLive("have a gap when the subscription broke, and go on by themselves", () =>
    Effect.gen(function* () {
      const { listener, speaker } = yield* inRedis
      const queue = yield* listener.subscribe
      yield* Effect.gen(function* () {
        const raw = yield* RawRedis
        yield* raw.call("client", "kill", "type", "pubsub")
      }).pipe(Effect.provide(RawRedis.layer(yield* redisUrl)))
      assert.deepStrictEqual(yield* heardBy(queue, 1), [{ _tag: "Gap" }])
      yield* speaker.publish(changed)
      assert.deepStrictEqual(yield* heardBy(queue, 1), [changed])
    }),
  )

  it.scopedLive("neither wait nor fail where there is no Redis", () =>
    Effect.gen(function* () {
      const events = Context.get(
        yield* Layer.build(RedisEvents.layer({ url: Redacted.make("redis://127.0.0.1:1"), key: "test" })),
        Events,
      )
      yield* events.subscribe
      yield* events.publish(changed)
    }).pipe(Effect.timeoutFail({ duration: "5 seconds", onTimeout: () => new Error("it waits") })),
  )

  it.effect.prop("are written and read as what they are", { event: EventSchema }, ({ event }) =>
    Effect.gen(function* () {
      const text = JSON.stringify(event)
      assert.deepStrictEqual(yield* Schema.decode(Schema.parseJson(EventSchema))(text), event)
    }),
  )
})
