import { assert, describe, it } from "@effect/vitest"
import { Region } from "@uptime/domain/Region"
import { CheckStream } from "@uptime/stream/CheckStream"
import * as RedisStream from "@uptime/stream/RedisStream"
import { shardOf, shardsOf } from "@uptime/stream/StreamShards"
import { eventually } from "@uptime/testing/Eventually"
import { type RedisCluster, startRedisCluster } from "@uptime/testing/RedisCluster"
import type { Server } from "@uptime/testing/Servers"
import { Clock, Context, Effect, Fiber, Layer, Redacted } from "effect"
import { key, timed } from "./Faults.ts"
import { india, spreadJobs, usa } from "./Jobs.ts"
import { RawRedis } from "./RawRedis.ts"
import { type Received, startReading } from "./Reading.ts"
import { ids, numbers, readAll } from "./Steps.ts"

const timeout = 90_000
const shards = 8

const streamOf = ({ url }: RedisCluster) =>
  Effect.map(Layer.build(RedisStream.layer({ url: Redacted.make(url), key, shards })), Context.get(CheckStream))

/** A job that was published: when, and whether it took more than one try. */
interface Published {
  readonly at: number
  readonly tries: number
  readonly shard: number
}

/** A producer that puts ten jobs on the stream every 20 ms, as often as it takes, and two workers of a region and one of another. */
const startLoad = (cluster: RedisCluster) =>
  Effect.gen(function* () {
    const producer = yield* streamOf(cluster)
    const published = new Map<number, Published>()
    const load = yield* Effect.gen(function* () {
      for (let n = 0; ; n += 10) {
        const jobs = spreadJobs(n, n + 9)
        let tries = 1
        while ((yield* Effect.either(producer.publish(jobs)))._tag === "Left") tries++
        const at = yield* Clock.currentTimeMillis
        for (const [i, { monitorId }] of jobs.entries()) {
          published.set(n + i, { at, tries, shard: shardOf(monitorId, shards) })
        }
        yield* Effect.sleep(20)
      }
    }).pipe(Effect.fork)
    const worker = (region: typeof usa, name: string) =>
      Effect.flatMap(streamOf(cluster), (stream) =>
        Effect.provideService(startReading(region, name), CheckStream, stream),
      )
    const inUsa = [yield* worker(usa, "a"), yield* worker(usa, "b")]
    const inIndia = [yield* worker(india, "c")]
    const received = { usa: () => inUsa.flat(), india: () => inIndia.flat() }
    return { producer, published, load, received }
  })

/** The shards whose slots a node has. */
const shardsOn = (cluster: RedisCluster, node: Server) =>
  Effect.filter(
    Array.from({ length: shards }, (_, n) => n),
    (n) => Effect.map(cluster.masterOf(shardsOf(key, shards)[n]?.key ?? ""), ({ port }) => port === node.port),
  )

const shardOfId = ({ id }: Received) => Number(id.split(":")[0])

/** Until a worker was handed something through one of these shards, that came after a time. */
const untilServed = (list: () => ReadonlyArray<Received>, through: ReadonlyArray<number>, since: number) =>
  eventually(
    Effect.sync(() => list().some((one) => one.at > since && through.includes(shardOfId(one)))),
    (there) => there,
    "10 seconds",
  )

/** Until both regions have read and acknowledged all there is. */
const untilDone = (producer: CheckStream["Type"]) =>
  eventually(
    producer.groups([usa, india]),
    (states) => states.every(({ lag, pending }) => lag === 0 && pending === 0),
    "10 seconds",
  )

const timesOf = (list: ReadonlyArray<Received>) => {
  const times = new Map<number, Array<number>>()
  for (const { at, n } of list) times.set(n, [...(times.get(n) ?? []), at])
  return times
}

/**
 * What must hold for each region after a node was away between two times: what went to the others was untouched by it, and
 * everything that was published after it came back has arrived, once, nine in ten within `latest` milliseconds.
 */
const assertUntouched = (
  { published, received }: { readonly published: ReadonlyMap<number, Published>; readonly received: Received[] },
  lost: ReadonlyArray<number>,
  away: { readonly from: number; readonly recovered: number; readonly latest: number },
) => {
  const times = timesOf(received)
  const delays: Array<number> = []
  for (const [n, { at, shard, tries }] of published) {
    const arrived = times.get(n) ?? []
    const isAfter = at > away.recovered
    if (!lost.includes(shard) || isAfter) {
      assert.isNotEmpty(arrived, `job ${n} of shard ${shard}, published ${at - away.from} ms after the fault`)
      if (tries === 1) assert.lengthOf(arrived, 1, `job ${n} of shard ${shard}`)
      delays.push((arrived[0] ?? 0) - at)
    }
  }
  delays.sort((a, b) => a - b)
  assert.isBelow(delays[Math.floor(delays.length * 0.9)] ?? 0, away.latest)
}

const during = (lost: ReadonlyArray<number>, published: ReadonlyMap<number, Published>, from: number, to: number) =>
  [...published].filter(([, { at, shard }]) => lost.includes(shard) && at > from && at < to).map(([n]) => n)

describe("a stream in a cluster of three nodes", () => {
  it.scopedLive(
    "of which one is killed under load and comes back empty: others are untouched, its jobs go to them, and it is used again within ten seconds",
    () =>
      Effect.gen(function* () {
        const cluster = yield* startRedisCluster()
        const { load, producer, published, received } = yield* startLoad(cluster)
        const node = yield* cluster.masterOf(shardsOf(key, shards)[1]?.key ?? "")
        const lost = yield* shardsOn(cluster, node)
        assert.isNotEmpty(lost)
        yield* untilServed(received.usa, lost, 0)
        yield* untilServed(received.india, lost, 0)
        yield* Effect.sleep(500)

        const from = yield* Clock.currentTimeMillis
        yield* node.kill("SIGKILL")
        yield* Effect.sleep(3_000)
        const back = yield* Clock.currentTimeMillis
        yield* node.start
        for (const list of [received.usa, received.india]) yield* untilServed(list, lost, back)
        const recovered = yield* Clock.currentTimeMillis
        assert.isBelow(recovered - back, 10_000)
        yield* Effect.sleep(1_000)
        yield* Fiber.interrupt(load)
        yield* untilDone(producer)

        for (const list of [received.usa(), received.india()]) {
          assertUntouched({ published, received: list }, lost, { from, recovered, latest: 1_000 })
          // Those that were published while the node was known to be away had another way.
          const times = timesOf(list)
          const detoured = during(lost, published, from + 500, back)
          assert.isNotEmpty(detoured)
          for (const n of detoured) assert.isNotEmpty(times.get(n) ?? [], `job ${n}`)
        }
      }),
    timeout,
  )

  it.scopedLive(
    "of which one stands still under load: the others are untouched, no call waits for it longer than three seconds, and nothing is lost",
    () =>
      Effect.gen(function* () {
        const cluster = yield* startRedisCluster()
        const { load, producer, published, received } = yield* startLoad(cluster)
        const node = yield* cluster.masterOf(shardsOf(key, shards)[1]?.key ?? "")
        const lost = yield* shardsOn(cluster, node)
        yield* untilServed(received.usa, lost, 0)
        yield* untilServed(received.india, lost, 0)

        const from = yield* Clock.currentTimeMillis
        yield* node.kill("SIGSTOP")
        const consumer = yield* producer.consumer(Region.make("EU"), "z")
        for (const call of [producer.groups([usa]), producer.trim([usa, india]), producer.ping]) {
          const { answer, ms } = yield* timed(call)
          assert.strictEqual(answer, "ok")
          assert.isAtMost(ms, 3_000)
        }
        assert.isAtMost((yield* timed(consumer.read(1))).ms, 5_000)
        const back = yield* Clock.currentTimeMillis
        yield* node.kill("SIGCONT")
        for (const list of [received.usa, received.india]) yield* untilServed(list, lost, back)
        const recovered = yield* Clock.currentTimeMillis
        assert.isBelow(recovered - back, 10_000)
        yield* Fiber.interrupt(load)
        yield* eventually(producer.groups([usa, india]), (states) => states.every(({ lag }) => lag === 0), "10 seconds")
        yield* Effect.sleep(1_000)
        for (const list of [received.usa(), received.india()]) {
          // A read of a node that says nothing is waited for, once, for two seconds.
          assertUntouched({ published, received: list }, lost, { from, recovered, latest: 3_000 })
        }
        for (const list of [received.usa(), received.india()]) {
          const times = timesOf(list)
          for (const n of published.keys()) assert.isNotEmpty(times.get(n) ?? [], `job ${n}`)
        }
      }),
    timeout,
  )

  it.scopedLive(
    "of which one is killed under load and has a replica: that one takes its place within ten seconds, and the node comes back as its replica",
    () =>
      Effect.gen(function* () {
        const cluster = yield* startRedisCluster({ hasReplicas: true })
        const { load, producer, published, received } = yield* startLoad(cluster)
        const node = yield* cluster.masterOf(shardsOf(key, shards)[1]?.key ?? "")
        const lost = yield* shardsOn(cluster, node)
        yield* untilServed(received.usa, lost, 0)
        yield* untilServed(received.india, lost, 0)

        const from = yield* Clock.currentTimeMillis
        yield* node.kill("SIGKILL")
        yield* Effect.sleep(500)
        const since = yield* Clock.currentTimeMillis
        for (const list of [received.usa, received.india]) yield* untilServed(list, lost, since)
        const recovered = yield* Clock.currentTimeMillis
        assert.isBelow(recovered - from, 10_000)
        yield* node.start
        yield* Effect.sleep(2_000)
        yield* Fiber.interrupt(load)
        yield* untilDone(producer)
        for (const list of [received.usa(), received.india()]) {
          assertUntouched({ published, received: list }, lost, { from, recovered, latest: 1_000 })
        }
      }),
    timeout,
  )

  it.scopedLive(
    "whose slots move to another node while they are used: nothing is lost, and calls follow at once",
    () =>
      Effect.gen(function* () {
        const cluster = yield* startRedisCluster()
        const stream = yield* streamOf(cluster)
        const consumer = yield* stream.consumer(usa, "a")
        yield* stream.publish(spreadJobs(1, 40))
        const held = yield* readAll(consumer, 40)
        yield* consumer.acknowledge(ids(held.slice(0, 20)))
        for (const { key: shardKey } of shardsOf(key, shards)) {
          const from = yield* cluster.masterOf(shardKey)
          const to = cluster.nodes.find(({ port }) => port !== from.port)
          assert.isDefined(to)
          yield* moveKey(shardKey, from, to ?? from, cluster.nodes)
        }
        const { answer, ms } = yield* timed(stream.publish(spreadJobs(41, 80)))
        assert.strictEqual(answer, "ok")
        assert.isBelow(ms, 2_000)
        const acknowledged = yield* timed(consumer.acknowledge(ids(held.slice(20))))
        assert.strictEqual(acknowledged.answer, "ok")
        const more = yield* Effect.retry(readAll(consumer, 40), { times: 3 })
        yield* eventually(
          Effect.flatMap(
            Effect.orElseSucceed(consumer.read(40), () => []),
            (read) => Effect.sync(() => more.push(...read)),
          ),
          () => more.length >= 40,
          "10 seconds",
        )
        assert.deepStrictEqual(
          numbers(more).sort((a, b) => a - b),
          Array.from({ length: 40 }, (_, i) => 41 + i),
        )
        const [state] = yield* stream.groups([usa])
        assert.deepInclude(state, { lag: 0, pending: 40 })
      }),
    timeout,
  )
})

/** Moves a key and its slot from one node to another, as resharding does. */
const moveKey = (moved: string, from: Server, to: Server, nodes: ReadonlyArray<Server>) =>
  Effect.gen(function* () {
    const at = (server: Server) => Effect.map(Layer.build(RawRedis.layer(server.url)), Context.get(RawRedis))
    const source = yield* at(from)
    const target = yield* at(to)
    const slot = Number(yield* source.call("cluster", "KEYSLOT", moved))
    const id = String(yield* target.call("cluster", "MYID"))
    yield* target.call("cluster", "SETSLOT", slot, "IMPORTING", String(yield* source.call("cluster", "MYID")))
    yield* source.call("cluster", "SETSLOT", slot, "MIGRATING", id)
    yield* source.call("migrate", "127.0.0.1", to.port, moved, 0, 5_000)
    for (const node of [to, ...nodes]) yield* (yield* at(node)).call("cluster", "SETSLOT", slot, "NODE", id)
  }).pipe(Effect.scoped)
