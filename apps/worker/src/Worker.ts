import type { Region } from "@uptime/domain/Region"
import type { ResultStore } from "@uptime/persistence/ResultStore"
import type { Prober } from "@uptime/prober/Prober"
import { supervised } from "@uptime/runtime/Supervised"
import { CheckStream, type StreamError } from "@uptime/stream/CheckStream"
import type { Events } from "@uptime/stream/Events"
import { showGroup } from "@uptime/stream/GroupMetrics"
import { Clock, type Duration, Effect, Fiber, Layer, Metric, type Scope } from "effect"
import { acknowledgeOnce } from "./AcknowledgeLoop.ts"
import { makeStartChecks } from "./Checks.ts"
import { consumerName } from "./ConsumerName.ts"
import { Holdings } from "./Holdings.ts"
import { keepFreshOnce } from "./KeepFreshLoop.ts"
import { readOnce } from "./ReadLoop.ts"
import { reclaimOnce } from "./Reclaimer.ts"
import { storeOnce } from "./StoreLoop.ts"
import { batchRows, type WorkerContext, waitingRoom } from "./WorkerContext.ts"
import { workerMetrics } from "./WorkerMetrics.ts"

/** The database and the stream come back within seconds of their return: no loop waits longer than this between tries. */
const soon = { maxBackoff: "2 seconds" } as const

/** How long all of draining may take, in milliseconds: a process has 15 s, and others need some of them. */
const drainMs = 12_000

/** What one worker is told. */
export interface WorkerOptions {
  /** The region it checks from: its consumer group. */
  readonly region: Region
  /** Probes that run at the same time. */
  readonly concurrency: number
}

/**
 * A worker of one region: read → check → bulk insert → acknowledge, with the reclaimer and the heartbeat beside it, each a
 * supervised fiber.
 *
 * When its scope closes it drains: it stops reading at once, lets running checks end (6 s), stores and acknowledges what
 * they found (12 s after its stop), and leaves the rest pending for the other workers of its region.
 */
export const layer = (
  options: WorkerOptions,
): Layer.Layer<never, StreamError, CheckStream | Events | Prober | ResultStore> => Layer.scopedDiscard(run(options))

const run = ({
  concurrency,
  region,
}: WorkerOptions): Effect.Effect<void, StreamError, CheckStream | Events | Prober | ResultStore | Scope.Scope> =>
  Effect.gen(function* () {
    const stream = yield* CheckStream
    const name = yield* consumerName
    const context: WorkerContext = {
      region,
      consumer: yield* stream.consumer(region, name),
      holdings: new Holdings({ concurrency, held: concurrency + waitingRoom, batch: batchRows }),
      metrics: workerMetrics(region),
    }
    const start = yield* makeStartChecks(context)

    yield* supervised(`storer ${region}`, storeOnce(context), soon)
    yield* supervised(`acknowledger ${region}`, acknowledgeOnce(context), soon)
    yield* supervised(`heartbeat ${region}`, keepFreshOnce(context), soon)
    yield* supervised(`gauges ${region}`, reportGauges(context), { every: "1 second" })
    yield* supervised(
      `group ${region}`,
      Effect.map(stream.groups([region]), (groups) => groups.forEach(showGroup)),
      { every: "5 seconds", ...soon },
    )
    yield* supervised(`reader ${region}`, readOnce(context, start, concurrency), soon)
    yield* supervised(`reclaimer ${region}`, reclaimOnce(context, start), soon)

    // Added last, so it runs first: the fibers above must still be there to finish what is held.
    yield* Effect.addFinalizer(() => drain(context))
    yield* Effect.logInfo("worker started").pipe(Effect.annotateLogs({ consumer: name, concurrency }))
  }).pipe(Effect.annotateLogs({ region }))

const reportGauges = ({ holdings, metrics }: WorkerContext) =>
  Effect.all([
    Metric.update(metrics.held, holdings.entries.size),
    Metric.update(metrics.running, holdings.running),
    Metric.update(metrics.storeHealthy, holdings.storeHealthy ? 1 : 0),
  ])

/** Nothing is interrupted but what overruns its time: a read that was would still be handed entries. */
const drain = Effect.fnUntraced(function* ({ holdings }: WorkerContext) {
  const began = yield* Clock.currentTimeMillis
  holdings.stop()
  yield* within(
    "3 seconds",
    holdings.until(() => !holdings.reading),
  )
  yield* within(
    "6 seconds",
    holdings.until(() => holdings.running === 0),
  )
  yield* within(
    Math.max(0, began + drainMs - (yield* Clock.currentTimeMillis)),
    holdings.until(() => holdings.quiet),
  )
  const left = holdings.entries.size
  yield* left === 0
    ? Effect.logInfo("worker drained")
    : Effect.logWarning("worker stops with jobs in hand; they stay pending and another worker takes them over").pipe(
        Effect.annotateLogs({ jobs: left }),
      )
})

/**
 * A step of a finalizer with a bound. It runs on a fiber of its own: the one that stops is interrupted already, so nothing
 * on it can be timed.
 */
const within = (limit: Duration.DurationInput, step: Effect.Effect<unknown>) =>
  step.pipe(
    Effect.disconnect,
    Effect.timeoutOption(limit),
    Effect.interruptible,
    Effect.forkScoped,
    Effect.flatMap(Fiber.await),
    Effect.scoped,
  )
