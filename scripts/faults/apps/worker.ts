import { Config, Effect, Layer } from "effect"
import * as Worker from "../../../apps/worker/src/Worker.ts"
import type { Job } from "../../../packages/domain/src/Job.ts"
import { awaitSchema } from "../../../packages/persistence/src/Migrations.ts"
import * as PostgresSql from "../../../packages/persistence/src/PostgresSql.ts"
import { ResultStore } from "../../../packages/persistence/src/ResultStore.ts"
import * as NodeProber from "../../../packages/prober/src/NodeProber.ts"
import { Prober } from "../../../packages/prober/src/Prober.ts"
import { policyConfig } from "../../../packages/prober/src/TargetGuard.ts"
import { runMain } from "../../../packages/runtime/src/Main.ts"
import { SecretBox } from "../../../packages/runtime/src/SecretBox.ts"
import * as Settings from "../../../packages/runtime/src/Settings.ts"
import { CheckStream, type Consumer, type Delivery } from "../../../packages/stream/src/CheckStream.ts"
import * as RedisEvents from "../../../packages/stream/src/RedisEvents.ts"
import * as RedisStream from "../../../packages/stream/src/RedisStream.ts"
import { jobKey, rowKey } from "../../../packages/testing/src/faults/JobKey.ts"
import { type Journal, journal } from "./journal.ts"
import { type Killing, killingConfig } from "./killing.ts"

/**
 * The worker of the product between layers of the harness: it writes down what it does (`JOURNAL`), it asks each target in
 * the name of the job (the query's `job`), and it can kill itself where no signal would meet it on purpose (`KILL_AT`):
 * `after-read`, `mid-check`, `before-insert`, `after-commit` (and before the acknowledgement), `during-reclaim`.
 */

/** The same job, whose target learns which it is. */
const named = (job: Job): Job => {
  const url = new URL(job.spec.url)
  if (job.spec.kind !== "http" || url.searchParams.has("job")) return job
  url.searchParams.set("job", jobKey(job.monitorId, job.slot))
  return { ...job, spec: { ...job.spec, url: url.href } }
}

const observed = (consumer: Consumer, region: string, write: Journal, killing: Killing): Consumer => {
  const rows = new Map<string, string>()
  const rowsOf = (ids: ReadonlyArray<string>) => ids.flatMap((id) => rows.get(id) ?? [])
  const taken = (deliveries: ReadonlyArray<Delivery>) => {
    const keys = deliveries.map(({ job }) => rowKey(jobKey(job.monitorId, job.slot), region))
    for (const [i, { id }] of deliveries.entries()) rows.set(id, keys[i] ?? "")
    if (keys.length > 0) write("read", keys)
    return deliveries.map((delivery): Delivery => ({ ...delivery, job: named(delivery.job) }))
  }
  const setAside = (deliveries: ReadonlyArray<Delivery>) => {
    if (deliveries.length > 0)
      write(
        "setAside",
        deliveries.map(({ job }) => rowKey(jobKey(job.monitorId, job.slot), region)),
      )
  }
  return {
    ...consumer,
    read: (count) =>
      Effect.map(consumer.read(count), taken).pipe(
        Effect.tap((deliveries) => (deliveries.length === 0 ? Effect.void : killing.at("after-read"))),
      ),
    reclaim: (count, minIdleMs) =>
      consumer.reclaim(count, minIdleMs).pipe(
        Effect.tap(({ deliveries }) => (deliveries.length === 0 ? Effect.void : killing.at("during-reclaim"))),
        Effect.map((reclaimed) => {
          setAside(reclaimed.dead)
          return { ...reclaimed, deliveries: taken(reclaimed.deliveries) }
        }),
      ),
    acknowledge: (ids) =>
      killing.at("after-commit").pipe(
        Effect.zipRight(Effect.sync(() => write("acknowledging", rowsOf(ids)))),
        Effect.zipRight(consumer.acknowledge(ids)),
        Effect.tap(() =>
          Effect.sync(() => {
            for (const id of ids) rows.delete(id)
          }),
        ),
      ),
    setAside: (deliveries, reason, detail) =>
      Effect.tap(consumer.setAside(deliveries, reason, detail), () => Effect.sync(() => setAside(deliveries))),
  }
}

const observedStream = (write: Journal, killing: Killing) =>
  Layer.effect(
    CheckStream,
    Effect.map(CheckStream, (stream) =>
      CheckStream.of({
        ...stream,
        consumer: (region, name) =>
          Effect.map(stream.consumer(region, name), (consumer) => observed(consumer, region, write, killing)),
      }),
    ),
  )

const observedStore = (write: Journal, killing: Killing) =>
  Layer.effect(
    ResultStore,
    Effect.map(ResultStore, (store) =>
      ResultStore.of({
        insert: (results) =>
          killing.at("before-insert").pipe(
            Effect.zipRight(store.insert(results)),
            Effect.tap(() =>
              Effect.sync(() =>
                write(
                  "stored",
                  results.map(({ monitorId, region, slot }) => rowKey(jobKey(monitorId, slot), region)),
                ),
              ),
            ),
          ),
      }),
    ),
  )

/** Dies a tenth of a second into a check; a target that answers `/slow/…` is being asked then. */
const deadlyProber = (killing: Killing) =>
  Layer.effect(
    Prober,
    Effect.map(Prober, (prober) =>
      Prober.of({
        ...prober,
        probe: (spec) =>
          Effect.raceFirst(
            prober.probe(spec),
            Effect.zipRight(Effect.delay(killing.at("mid-check"), "100 millis"), Effect.never),
          ),
      }),
    ),
  )

runMain({
  name: "worker",
  settings: Config.all({
    databaseUrl: Settings.databaseUrl,
    redisUrl: Settings.redisUrl,
    streamKey: Settings.streamKey,
    region: Settings.region,
    concurrency: Settings.probeConcurrency,
    policy: policyConfig(false),
    canaries: Settings.canaries,
    encryptionKey: Settings.encryptionKeyOption,
    journal: Config.map(Config.string("JOURNAL"), journal),
    killing: killingConfig,
  }),
  layer: (settings) =>
    Worker.layer({ region: settings.region, concurrency: settings.concurrency }).pipe(
      Layer.provide(deadlyProber(settings.killing)),
      Layer.provide(observedStream(settings.journal, settings.killing)),
      Layer.provide(observedStore(settings.journal, settings.killing)),
      Layer.provide(NodeProber.layer(settings.policy, { canaries: settings.canaries })),
      Layer.provide(SecretBox.layer(settings.encryptionKey)),
      Layer.provide(ResultStore.layer),
      Layer.provide(RedisStream.layer({ url: settings.redisUrl, key: settings.streamKey })),
      Layer.provide(RedisEvents.layer({ url: settings.redisUrl, key: settings.streamKey })),
      Layer.provide(Layer.effectDiscard(awaitSchema)),
      Layer.provide(
        PostgresSql.layer({ url: settings.databaseUrl, applicationName: "uptime-worker", maxConnections: 4 }),
      ),
    ),
})
