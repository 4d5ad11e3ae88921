import type { Region } from "@uptime/domain/Region"
import { CheckStream, type Delivery } from "@uptime/stream/CheckStream"
import { Clock, Effect, Schedule } from "effect"
import { numberOf } from "./Jobs.ts"

/** What a worker was handed, and when, in milliseconds since the epoch. */
export interface Received extends Delivery {
  readonly n: number
  readonly at: number
}

/**
 * A worker that reads for as long as the scope is open, acknowledges beside it what it was handed, as often as it takes, and
 * tries anew after any failure; gives the growing list of what it was handed.
 */
export const startReading = (region: Region, name: string) =>
  Effect.gen(function* () {
    const stream = yield* CheckStream
    const consumer = yield* stream.consumer(region, name)
    const received: Array<Received> = []
    yield* Effect.gen(function* () {
      const deliveries = yield* consumer.read(100)
      const at = yield* Clock.currentTimeMillis
      for (const delivery of deliveries) received.push({ ...delivery, n: numberOf(delivery), at })
      // As in a worker: what cannot be acknowledged while a shard is away keeps nobody from reading others.
      yield* consumer
        .acknowledge(deliveries.map(({ id }) => id))
        .pipe(Effect.retry(Schedule.spaced(100)), Effect.forkScoped)
    }).pipe(
      Effect.catchAll(() => Effect.sleep(100)),
      Effect.forever,
      Effect.forkScoped,
    )
    return received
  })
