import type { Region } from "@uptime/domain/Region"
import * as NodeProber from "@uptime/prober/NodeProber"
import { CheckStream } from "@uptime/stream/CheckStream"
import { acknowledgeNow } from "@uptime/worker/AcknowledgeLoop"
import { makeStartChecks } from "@uptime/worker/Checks"
import { Holdings } from "@uptime/worker/Holdings"
import { readOnce } from "@uptime/worker/ReadLoop"
import { storeNow } from "@uptime/worker/StoreLoop"
import type { WorkerContext } from "@uptime/worker/WorkerContext"
import { workerMetrics } from "@uptime/worker/WorkerMetrics"
import { Effect, Layer } from "effect"
import { policy } from "./IncidentWorld.ts"

const concurrency = 4

/** What a region's checks call themselves, so that a target can tell from where it is asked. */
export const userAgentOf = (region: Region): string => `Uptime from ${region}`

/**
 * A region's worker, of the parts that `Worker.layer` lets run by themselves, whose steps the test takes: so that results of
 * two regions are stored in an order that does not change.
 */
export const stepwiseWorker = (region: Region) =>
  Effect.gen(function* () {
    const stream = yield* CheckStream
    const holdings = new Holdings({ concurrency, held: concurrency, batch: concurrency })
    const consumer = yield* stream.consumer(region, `worker from ${region}`)
    const context: WorkerContext = { region, consumer, holdings, metrics: workerMetrics(region) }
    const prober = yield* Layer.build(NodeProber.layer(policy, { userAgent: userAgentOf(region) }))
    const start = yield* Effect.provide(makeStartChecks(context), prober)
    return {
      /** Reads what is on the stream, and checks it to the end. */
      check: Effect.zipRight(
        readOnce(context, start, concurrency),
        holdings.until(() => holdings.running === 0),
      ),
      /** Stores what was found, and acknowledges it. */
      store: Effect.zipRight(storeNow(context), acknowledgeNow(context)),
    }
  })
