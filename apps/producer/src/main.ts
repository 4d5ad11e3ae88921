import { DueMonitors } from "@uptime/persistence/DueMonitors"
import { Housekeeping } from "@uptime/persistence/Housekeeping"
import { awaitSchema } from "@uptime/persistence/Migrations"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { Users } from "@uptime/persistence/Users"
import { Health } from "@uptime/runtime/Health"
import { healthServerLayer } from "@uptime/runtime/HealthServer"
import { runMain } from "@uptime/runtime/Main"
import * as Settings from "@uptime/runtime/Settings"
import { CheckStream } from "@uptime/stream/CheckStream"
import * as RedisStream from "@uptime/stream/RedisStream"
import { Config, Effect, Layer } from "effect"
import * as Producer from "./Producer.ts"

/** The producer, on PostgreSQL and Redis. Any number of them may run. */
runMain({
  name: "producer",
  settings: Config.all({
    databaseUrl: Settings.databaseUrl,
    redisUrl: Settings.redisUrl,
    streamKey: Settings.streamKey,
    regions: Settings.regions,
    retentionDays: Settings.retentionDays,
    host: Settings.host,
    port: Settings.port(Settings.defaultPorts.producer),
  }),
  layer: (settings) => {
    const health = Health.layer({
      database: PostgresSql.ready,
      stream: Effect.flatMap(CheckStream, (stream) => stream.ping),
    })
    return Layer.merge(
      Producer.layer({ regions: settings.regions, retentionDays: settings.retentionDays }),
      healthServerLayer({ host: settings.host, port: settings.port }).pipe(Layer.provide(health)),
    ).pipe(
      Layer.provide(Layer.mergeAll(DueMonitors.layer, Housekeeping.layer, Users.layer)),
      Layer.provide(RedisStream.layer({ url: settings.redisUrl, key: settings.streamKey })),
      Layer.provide(Layer.effectDiscard(awaitSchema)),
      Layer.provide(
        PostgresSql.layer({ url: settings.databaseUrl, applicationName: "uptime-producer", maxConnections: 4 }),
      ),
    )
  },
})
