import { Effect, Layer } from "effect"
import type { Job } from "../../../packages/domain/src/Job.ts"
import { CheckStream, type Consumer, type Delivery } from "../../../packages/stream/src/CheckStream.ts"
import * as Shipped from "../../../packages/stream/src/RedisStream.ts"
import { jobKey, rowKey } from "../../../packages/testing/src/faults/JobKey.ts"
import { type Observer, observer } from "./Observer.ts"
import { workerFaults } from "./workerFaults.ts"

/**
 * What the apps get in place of `@uptime/stream/RedisStream`: the same stream, which writes down what passes and names each job
 * to its target (the query's `job`). It kills the process at `after-publish` (and before the monitors moved on), `after-read`,
 * `during-reclaim` and `after-commit` (and before the acknowledgement).
 */
export const layer = (...options: Parameters<typeof Shipped.layer>) =>
  Layer.effect(
    CheckStream,
    Effect.gen(function* () {
      const stream = yield* CheckStream
      const { reach, write } = yield* observer
      const { detour } = yield* workerFaults
      return CheckStream.of({
        ...stream,
        publish: (jobs) => {
          const keys = jobs.map(({ monitorId, slot }) => jobKey(monitorId, slot))
          return write("publishing", keys).pipe(
            Effect.zipRight(stream.publish(jobs)),
            Effect.zipRight(write("published", keys)),
            Effect.zipRight(reach("after-publish")),
          )
        },
        consumer: (region, name) =>
          Effect.map(stream.consumer(region, name), (consumer) => observed(consumer, region, { reach, write }, detour)),
      })
    }),
  ).pipe(Layer.provide(Shipped.layer(...options)))

const observed = (consumer: Consumer, region: string, { reach, write }: Observer, detour: number | null): Consumer => {
  const rows = new Map<string, string>()
  const rowOf = ({ job }: Delivery) => rowKey(jobKey(job.monitorId, job.slot), region)
  const take = (deliveries: ReadonlyArray<Delivery>) =>
    Effect.suspend(() => {
      for (const delivery of deliveries) rows.set(delivery.id, rowOf(delivery))
      return Effect.as(
        write("read", deliveries.map(rowOf)),
        deliveries.map((delivery): Delivery => ({ ...delivery, job: named(delivery.job, detour) })),
      )
    })
  const reachWith = (point: string, deliveries: ReadonlyArray<Delivery>) =>
    deliveries.length === 0 ? Effect.void : reach(point)
  return {
    ...consumer,
    read: (count) =>
      consumer.read(count).pipe(
        Effect.flatMap(take),
        Effect.tap((deliveries) => reachWith("after-read", deliveries)),
      ),
    reclaim: Effect.fnUntraced(function* (count, minIdleMs) {
      const reclaimed = yield* consumer.reclaim(count, minIdleMs)
      yield* write("setAside", reclaimed.dead.map(rowOf))
      yield* reachWith("during-reclaim", reclaimed.deliveries)
      return { ...reclaimed, deliveries: yield* take(reclaimed.deliveries) }
    }),
    acknowledge: Effect.fnUntraced(function* (ids) {
      yield* reach("after-commit")
      yield* write(
        "acknowledging",
        ids.flatMap((id) => rows.get(id) ?? []),
      )
      yield* consumer.acknowledge(ids)
      for (const id of ids) rows.delete(id)
    }),
    setAside: (deliveries, reason, detail) =>
      Effect.tap(consumer.setAside(deliveries, reason, detail), () => write("setAside", deliveries.map(rowOf))),
  }
}

/** The same job, whose target learns which it is, and is looked for where this worker's way leads. */
const named = (job: Job, detour: number | null): Job => {
  if (job.spec.kind !== "http") return job
  const url = new URL(job.spec.url)
  url.searchParams.set("job", jobKey(job.monitorId, job.slot))
  if (detour !== null) url.port = String(detour)
  return { ...job, spec: { ...job.spec, url: url.href } }
}
