import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { ResultStore } from "@uptime/persistence/ResultStore"
import * as NodeProber from "@uptime/prober/NodeProber"
import { policyConfig } from "@uptime/prober/TargetGuard"
import { runMain } from "@uptime/runtime/Main"
import { SecretBox } from "@uptime/runtime/SecretBox"
import * as Settings from "@uptime/runtime/Settings"
import { CheckStream } from "@uptime/stream/CheckStream"
import * as MemoryEvents from "@uptime/stream/MemoryEvents"
import * as RedisStream from "@uptime/stream/RedisStream"
import { Config, Effect, Layer, Option, Random } from "effect"
import * as Worker from "../../src/Worker.ts"

/**
 * The worker of the product, over a stream that kills the process, by `DEATHS_BEFORE_ACKNOWLEDGE` (a probability), right
 * when a committed batch is about to be acknowledged: the instant that no signal from outside can hit on purpose.
 */
const deadly = (probability: number) =>
  Layer.effect(
    CheckStream,
    Effect.map(CheckStream, (stream) =>
      CheckStream.of({
        ...stream,
        consumer: (region, name) =>
          Effect.map(stream.consumer(region, name), (consumer) => ({
            ...consumer,
            acknowledge: (ids) =>
              Effect.flatMap(Random.next, (roll) =>
                roll < probability
                  ? Effect.sync(() => process.kill(process.pid, "SIGKILL"))
                  : consumer.acknowledge(ids),
              ),
          })),
      }),
    ),
  )

runMain({
  name: "worker",
  settings: Config.all({
    url: Settings.databaseUrl,
    redis: Settings.redisUrl,
    key: Settings.streamKey,
    region: Settings.region,
    concurrency: Settings.probeConcurrency,
    policy: policyConfig(false),
    deaths: Config.number("DEATHS_BEFORE_ACKNOWLEDGE"),
  }),
  layer: (settings) =>
    Worker.layer({ region: settings.region, concurrency: settings.concurrency }).pipe(
      Layer.provide(deadly(settings.deaths)),
      Layer.provide(NodeProber.layer(settings.policy)),
      Layer.provide(SecretBox.layer(Option.none())),
      Layer.provide(ResultStore.layer),
      Layer.provide(RedisStream.layer({ url: settings.redis, key: settings.key })),
      Layer.provide(MemoryEvents.layer),
      Layer.provide(PostgresSql.layer({ url: settings.url, applicationName: "worker", maxConnections: 4 })),
    ),
})
