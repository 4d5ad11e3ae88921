import * as ClockSkew from "@uptime/persistence/ClockSkew"
import { awaitSchema } from "@uptime/persistence/Migrations"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { ResultStore } from "@uptime/persistence/ResultStore"
import * as NodeProber from "@uptime/prober/NodeProber"
import { policyConfig } from "@uptime/prober/TargetGuard"
import { Health } from "@uptime/runtime/Health"
import { healthServerLayer } from "@uptime/runtime/HealthServer"
import { runMain } from "@uptime/runtime/Main"
import { SecretBox } from "@uptime/runtime/SecretBox"
import * as Settings from "@uptime/runtime/Settings"
import { CheckStream } from "@uptime/stream/CheckStream"
import * as RedisEvents from "@uptime/stream/RedisEvents"
import * as RedisStream from "@uptime/stream/RedisStream"
import * as RedisTestRuns from "@uptime/stream/RedisTestRuns"
import { Config, Effect, Layer } from "effect"
import * as TestRunner from "./TestRunner.ts"
import * as Worker from "./Worker.ts"

/** The worker of one region (`REGION`), on PostgreSQL and Redis. Any number of them may run. */
runMain({
  name: "worker",
  settings: Config.all({
    databaseUrl: Settings.databaseUrl,
    redisUrl: Settings.redisUrl,
    streamKey: Settings.streamKey,
    streamShards: Settings.streamShards,
    region: Settings.region,
    concurrency: Settings.probeConcurrency,
    policy: policyConfig(false),
    encryptionKey: Settings.encryptionKeyOption,
    canaries: Settings.canaries,
    host: Settings.host,
    port: Settings.workerPort,
  }),
  layer: (settings) => {
    const health = Health.layer({
      database: PostgresSql.ready,
      stream: Effect.flatMap(CheckStream, (stream) => stream.ping),
    })
    return Layer.mergeAll(
      Worker.layer({ region: settings.region, concurrency: settings.concurrency }),
      TestRunner.layer({ region: settings.region }),
      healthServerLayer({ host: settings.host, port: settings.port }).pipe(Layer.provide(health)),
    ).pipe(
      Layer.provide(NodeProber.layer(settings.policy, { canaries: settings.canaries })),
      Layer.provide(SecretBox.layer(settings.encryptionKey)),
      Layer.provide(ResultStore.layer),
      Layer.provide(
        RedisStream.layer({ url: settings.redisUrl, key: settings.streamKey, shards: settings.streamShards }),
      ),
      Layer.provide(RedisTestRuns.layer({ url: settings.redisUrl, key: settings.streamKey })),
      Layer.provide(RedisEvents.layer({ url: settings.redisUrl, key: settings.streamKey })),
      Layer.provide([ClockSkew.layer, Layer.effectDiscard(awaitSchema)]),
      Layer.provide(
        PostgresSql.layer({ url: settings.databaseUrl, applicationName: "uptime-worker", maxConnections: 4 }),
      ),
    )
  },
})
