import { MonitorId } from "@uptime/domain/Ids"
import { jobDeadline, jobVersion } from "@uptime/domain/Job"
import { Region } from "@uptime/domain/Region"
import { type NewResult, noPhases, type ProbeOutcome } from "@uptime/domain/Result"
import { ResultStore, type StoreReport } from "@uptime/persistence/ResultStore"
import type { StoreError } from "@uptime/persistence/StoreError"
import { Prober } from "@uptime/prober/Prober"
import { CheckStream, type Consumer, type Delivery, type Reclaimed, type StreamError } from "@uptime/stream/CheckStream"
import { type Event, Events } from "@uptime/stream/Events"
import { Deferred, Effect, Fiber, Layer, TestClock } from "effect"
import { layer } from "../src/Worker.ts"

export const usa = Region.make("USA")

export const up: ProbeOutcome = {
  status: "Up",
  responseTimeMs: 12,
  phases: { ...noPhases, connect: 1, firstByte: 10, transfer: 1 },
  httpStatus: 200,
  errorKind: null,
  errorMessage: null,
  certificateExpiresAt: null,
  attempts: 1,
  evidence: null,
}

/** The n-th entry of a stream, for a monitor of its own, planned at `slot`. */
export const delivery = (
  n: number,
  options: { readonly slot?: number; readonly deliveries?: number } = {},
): Delivery => ({
  id: `${n}-0`,
  deliveries: options.deliveries ?? 1,
  job: {
    v: jobVersion,
    monitorId: MonitorId.make(`00000000-0000-4000-8000-${String(n).padStart(12, "0")}`),
    slot: options.slot ?? 0,
    deadline: jobDeadline(options.slot ?? 0, 60),
    configVersion: 1,
    spec: { kind: "http", url: `http://target/${n}`, timeoutMs: 10_000 },
  },
})

/** Every row taken. */
export const allInserted = (results: ReadonlyArray<NewResult>): StoreReport => ({
  inserted: results.length,
  duplicates: 0,
  dropped: 0,
  rejected: [],
})

/**
 * Everything around a worker, under the test's control: a stream that hands out what `entries` holds, a store and a prober
 * that do what the test says, and a journal of what the worker did, in order.
 */
export class World {
  readonly entries: Array<Delivery> = []
  readonly journal: Array<string> = []
  readonly acknowledged: Array<string> = []
  readonly stored: Array<NewResult> = []
  readonly told: Array<Event> = []
  readonly probed: Array<string> = []
  readonly reads: Array<number> = []
  readonly fresh: Array<ReadonlyArray<string>> = []
  readonly setAside: Array<{ readonly id: string; readonly reason: string; readonly detail: string }> = []
  running = 0
  maxRunning = 0
  reclaimed: Reclaimed = { deliveries: [], dead: [], trimmed: 0 }
  acknowledge: (ids: ReadonlyArray<string>) => Effect.Effect<void, StreamError> = () => Effect.void
  insert: (results: ReadonlyArray<NewResult>) => Effect.Effect<StoreReport, StoreError> = (results) =>
    Effect.sync(() => allInserted(results))
  probe: (url: string) => Effect.Effect<ProbeOutcome> = () => Effect.succeed(up)
  lost: ReadonlyArray<string> = []

  private readonly consumer: Consumer = {
    read: (count) =>
      Effect.suspend(() => {
        this.reads.push(count)
        const batch = this.entries.splice(0, count)
        return batch.length > 0
          ? Effect.succeed(batch)
          : Effect.as(Effect.sleep("2 seconds"), this.entries.splice(0, count))
      }),
    acknowledge: (ids) =>
      Effect.tap(this.acknowledge(ids), () => {
        this.acknowledged.push(...ids)
        this.journal.push(`acknowledge ${ids.length}`)
      }),
    keepFresh: (ids) =>
      Effect.sync(() => {
        this.fresh.push([...ids])
        return this.lost
      }),
    reclaim: () =>
      Effect.sync(() => {
        const found = this.reclaimed
        this.reclaimed = { deliveries: [], dead: [], trimmed: 0 }
        return found
      }),
    setAside: (deliveries, reason, detail) =>
      Effect.sync(() => {
        for (const { id } of deliveries) this.setAside.push({ id, reason, detail })
      }),
  }

  /** The worker over this world; interrupt it to stop it as SIGTERM would. */
  readonly start = (concurrency: number): Effect.Effect<Fiber.RuntimeFiber<never>> =>
    Effect.gen(this, function* () {
      const started = yield* Deferred.make<void>()
      const world = Layer.mergeAll(
        Layer.mock(CheckStream, { consumer: () => Effect.succeed(this.consumer), groups: () => Effect.succeed([]) }),
        Layer.mock(Events, { publish: (event) => Effect.sync(() => void this.told.push(event)) }),
        Layer.mock(ResultStore, {
          insert: (results) =>
            Effect.tap(this.insert(results), () => {
              this.stored.push(...results)
              this.journal.push(`store ${results.length}`)
            }),
        }),
        Layer.mock(Prober, {
          probe: (spec) =>
            Effect.acquireUseRelease(
              Effect.sync(() => {
                this.probed.push(spec.url)
                this.running++
                this.maxRunning = Math.max(this.maxRunning, this.running)
              }),
              () => this.probe(spec.url),
              () => Effect.sync(() => void this.running--),
            ),
        }),
      )
      const fiber = yield* Layer.build(Layer.provide(layer({ region: usa, concurrency }), world)).pipe(
        Effect.zipRight(Deferred.succeed(started, undefined)),
        Effect.zipRight(Effect.never),
        Effect.scoped,
        Effect.orDie,
        Effect.interruptible,
        Effect.forkDaemon,
      )
      yield* Deferred.await(started)
      return fiber
    })

  /** A worker that is stopped at the end of the test, with the time that takes. */
  readonly worker = (concurrency: number) =>
    Effect.acquireRelease(this.start(concurrency), (fiber) =>
      Effect.gen(function* () {
        yield* Fiber.interruptFork(fiber)
        yield* TestClock.adjust("20 seconds")
        yield* Fiber.await(fiber)
      }),
    )
}
