import { assert, describe, it } from "@effect/vitest"
import { StoreError } from "@uptime/persistence/StoreError"
import { StreamError } from "@uptime/stream/CheckStream"
import { Deferred, Effect, Fiber, Metric, TestClock } from "effect"
import { allInserted, delivery, up, World } from "./World.ts"

const away = new StoreError({ reason: "unavailable", operation: "insert", cause: "test" })

const upOf = (kind: string) =>
  Metric.counter("probe_results_total", {
    description: "Checks that ended, by status (Up, Degraded, Down, Unknown).",
    incremental: true,
  }).pipe(Metric.tagged("region", "USA"), Metric.tagged("kind", kind), Metric.tagged("status", "Up"))

const pass = (seconds: number) => TestClock.adjust(`${seconds} seconds`)

describe("Worker", () => {
  it.scoped("stores what it found, and acknowledges only after the commit", () =>
    Effect.gen(function* () {
      const world = new World()
      world.entries.push(delivery(1), delivery(2), delivery(3))
      yield* world.worker(10)
      yield* pass(3)
      assert.deepStrictEqual(world.journal, ["store 3", "acknowledge 3"])
      assert.deepStrictEqual(world.acknowledged, ["1-0", "2-0", "3-0"])
      assert.deepStrictEqual(
        world.stored.map(({ outcome, slot }) => [outcome.status, slot]),
        [
          ["Up", 0],
          ["Up", 0],
          ["Up", 0],
        ],
      )
    }),
  )

  it.scoped("does not wait for a batch to fill beyond half a second, nor with 500 rows at all", () =>
    Effect.gen(function* () {
      const world = new World()
      for (let n = 1; n <= 500; n++) world.entries.push(delivery(n))
      yield* world.worker(1_000)
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(world.journal, ["store 500", "acknowledge 500"])
      world.entries.push(delivery(501))
      yield* pass(2)
      assert.strictEqual(world.stored.length, 500)
      yield* pass(1)
      assert.strictEqual(world.stored.length, 501)
    }),
  )

  it.scoped("never reads more than it has free places for", () =>
    Effect.gen(function* () {
      const world = new World()
      const open = yield* Deferred.make<void>()
      world.probe = () => Effect.as(Deferred.await(open), up)
      for (let n = 1; n <= 50; n++) world.entries.push(delivery(n))
      yield* world.worker(8)
      yield* pass(30)
      assert.deepStrictEqual(world.reads, [8])
      assert.strictEqual(world.maxRunning, 8)
      yield* Deferred.succeed(open, undefined)
      yield* pass(10)
      assert.strictEqual(world.stored.length, 50)
      assert.isAtMost(world.maxRunning, 8)
    }),
  )

  it.scoped("with the database away it stops reading, keeps what it holds fresh, and stores it once, probed once", () =>
    Effect.gen(function* () {
      const world = new World()
      let attempts = 0
      world.insert = () =>
        Effect.suspend(() => {
          attempts++
          return Effect.fail(away)
        })
      world.entries.push(delivery(1), delivery(2))
      yield* world.worker(10)
      yield* pass(5)
      const reads = world.reads.length
      world.entries.push(delivery(3))
      yield* pass(60)
      assert.isAtMost(world.reads.length, reads + 1, "a read that had begun may end; no new one begins")
      assert.deepStrictEqual(world.acknowledged, [])
      assert.isAtLeast(attempts, 5, "it is tried again and again")
      assert.isAtLeast(world.fresh.filter((ids) => ids.includes("1-0") && ids.includes("2-0")).length, 5)

      world.insert = (results) => Effect.sync(() => allInserted(results))
      yield* Effect.repeat(pass(1), { until: () => world.acknowledged.length === 3, times: 30 })
      assert.deepStrictEqual(world.acknowledged.toSorted(), ["1-0", "2-0", "3-0"])
      assert.strictEqual(world.stored.length, 3)
      assert.strictEqual(new Set(world.probed).size, world.probed.length)
    }),
  )

  it.scoped("acknowledges again what the stream did not take, and stores nothing twice for it", () =>
    Effect.gen(function* () {
      const world = new World()
      world.acknowledge = () =>
        Effect.fail(new StreamError({ reason: "unavailable", operation: "acknowledge", cause: "test" }))
      world.entries.push(delivery(1))
      yield* world.worker(10)
      yield* pass(20)
      assert.strictEqual(world.stored.length, 1)
      assert.deepStrictEqual(world.acknowledged, [])
      world.acknowledge = () => Effect.void
      yield* pass(5)
      assert.deepStrictEqual(world.acknowledged, ["1-0"])
      assert.strictEqual(world.stored.length, 1)
    }),
  )

  it.scoped("does not run a job past its deadline, and stores its slot as Unknown", () =>
    Effect.gen(function* () {
      const world = new World()
      yield* TestClock.adjust("10 minutes")
      world.entries.push(delivery(1, { slot: 0 }), delivery(2, { slot: 600_000 }))
      yield* world.worker(10)
      yield* pass(3)
      assert.deepStrictEqual(world.probed, ["http://target/2"])
      assert.deepStrictEqual(
        world.stored.map(({ outcome }) => [outcome.status, outcome.errorKind, outcome.errorMessage]),
        [
          ["Unknown", "internal", "Not checked: its turn came 600 s late."],
          ["Up", null, null],
        ],
      )
      assert.deepStrictEqual(world.acknowledged, ["1-0", "2-0"])
    }),
  )

  it.scoped("calls a probe that breaks down Unknown, never Down, and stores its neighbours", () =>
    Effect.gen(function* () {
      const world = new World()
      world.probe = (url) => (url.endsWith("/1") ? Effect.die("a bug of ours") : Effect.succeed(up))
      world.entries.push(delivery(1), delivery(2))
      yield* world.worker(10)
      yield* pass(3)
      assert.deepStrictEqual(world.stored.map(({ outcome }) => [outcome.status, outcome.errorKind]).toSorted(), [
        ["Unknown", "internal"],
        ["Up", null],
      ])
      assert.strictEqual(world.acknowledged.length, 2)
    }),
  )

  it.scoped("sets a job aside whose row the database refuses, and acknowledges its neighbours", () =>
    Effect.gen(function* () {
      const world = new World()
      world.insert = (results) =>
        Effect.sync(() => ({
          ...allInserted(results),
          rejected: results
            .filter(({ monitorId }) => monitorId === delivery(1).job.monitorId)
            .map((result) => ({ result, reason: "22021" })),
        }))
      world.entries.push(delivery(1), delivery(2))
      yield* world.worker(10)
      yield* pass(3)
      assert.deepStrictEqual(world.setAside, [{ id: "1-0", reason: "rejected", detail: "22021" }])
      assert.deepStrictEqual(world.acknowledged, ["2-0"])
    }),
  )

  it.scoped("runs what it reclaims, and stores the slots of jobs given up as Unknown", () =>
    Effect.gen(function* () {
      const world = new World()
      world.reclaimed = {
        deliveries: [delivery(1, { deliveries: 2 })],
        dead: [delivery(2, { deliveries: 6 })],
        trimmed: 0,
      }
      yield* world.worker(10)
      yield* pass(10)
      assert.deepStrictEqual(world.probed, ["http://target/1"])
      assert.deepStrictEqual(world.stored.map(({ monitorId, outcome }) => [monitorId, outcome.status]).toSorted(), [
        [delivery(1).job.monitorId, "Up"],
        [delivery(2).job.monitorId, "Unknown"],
      ])
      assert.deepStrictEqual(world.acknowledged, ["1-0"])
    }),
  )

  it.scoped("runs a job that may kill workers alone, kept fresh while it waits for its turn", () =>
    Effect.gen(function* () {
      const world = new World()
      const open = yield* Deferred.make<void>()
      world.probe = (url) => (url.endsWith("/1") ? Effect.as(Deferred.await(open), up) : Effect.succeed(up))
      world.entries.push(delivery(1))
      world.reclaimed = {
        deliveries: [delivery(8, { deliveries: 3 }), delivery(9, { deliveries: 4 })],
        dead: [],
        trimmed: 0,
      }
      yield* world.worker(10)
      yield* pass(9)
      world.entries.push(delivery(2))
      yield* pass(4)
      assert.deepStrictEqual(world.probed, ["http://target/1"])
      assert.deepStrictEqual(world.fresh.at(-1)?.toSorted(), ["1-0", "8-0", "9-0"])
      yield* Deferred.succeed(open, undefined)
      world.maxRunning = 0
      yield* pass(10)
      assert.deepStrictEqual(
        world.probed,
        [1, 8, 9, 2].map((n) => `http://target/${n}`),
      )
      assert.strictEqual(world.maxRunning, 1)
      assert.strictEqual(world.acknowledged.length, 4)
    }),
  )

  it.scoped("counts each check by its kind", () =>
    Effect.gen(function* () {
      const world = new World()
      const { job, ...entry } = delivery(1)
      const ofKind = (kind: "tcp" | "dns") => ({ ...entry, job: { ...job, spec: { ...job.spec, kind } } })
      world.entries.push(ofKind("tcp"), { ...ofKind("dns"), id: "2-0" }, { ...ofKind("dns"), id: "3-0" })
      yield* world.worker(10)
      yield* pass(3)
      const counted = (kind: string) => Effect.map(Metric.value(upOf(kind)), ({ count }) => Number(count))
      assert.deepStrictEqual(yield* Effect.forEach(["tcp", "dns", "mysql"], counted), [1, 2, 0])
    }),
  )

  it.scoped("does not keep an entry fresh whose probe hangs, so that another worker can take it over", () =>
    Effect.gen(function* () {
      const world = new World()
      world.probe = () => Effect.never
      world.entries.push(delivery(1))
      yield* world.worker(10)
      yield* pass(21)
      assert.deepStrictEqual(world.fresh, [["1-0"], ["1-0"]])
      yield* pass(40)
      assert.strictEqual(world.fresh.length, 4, "for two tries of 10 s, a second between them, and a grace of 20 s")
    }),
  )

  it.effect("drains when it is stopped: reads no more, lets checks end, stores and acknowledges them", () =>
    Effect.gen(function* () {
      const world = new World()
      const open = yield* Deferred.make<void>()
      world.probe = () => Effect.as(Deferred.await(open), up)
      world.entries.push(delivery(1), delivery(2))
      const worker = yield* world.start(10)
      yield* pass(1)
      yield* Fiber.interruptFork(worker)
      yield* pass(4)
      world.entries.push(delivery(3))
      yield* Deferred.succeed(open, undefined)
      yield* pass(2)
      yield* Fiber.await(worker)
      assert.deepStrictEqual(world.acknowledged, ["1-0", "2-0"])
      assert.strictEqual(world.entries.length, 1)
    }),
  )

  it.effect("stores what it has in hand when it is stopped, also where the database takes seconds for it", () =>
    Effect.gen(function* () {
      const world = new World()
      world.insert = (results) =>
        Effect.delay(
          Effect.sync(() => allInserted(results)),
          "8 seconds",
        )
      world.entries.push(delivery(1), delivery(2))
      const worker = yield* world.start(10)
      yield* pass(1)
      yield* Fiber.interruptFork(worker)
      yield* pass(11)
      yield* Fiber.await(worker)
      assert.deepStrictEqual(world.acknowledged, ["1-0", "2-0"])
    }),
  )

  it.effect("stops within its time even when a check and the database hang, and leaves the entry pending", () =>
    Effect.gen(function* () {
      const world = new World()
      world.probe = (url) => (url.endsWith("/1") ? Effect.never : Effect.succeed(up))
      world.insert = () => Effect.never
      world.entries.push(delivery(1), delivery(2))
      const worker = yield* world.start(10)
      yield* pass(1)
      yield* Fiber.interruptFork(worker)
      yield* pass(14)
      yield* Fiber.await(worker)
      assert.deepStrictEqual(world.acknowledged, [])
      assert.strictEqual(world.running, 0)
    }),
  )
})
