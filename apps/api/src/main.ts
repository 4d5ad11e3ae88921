import { awaitSchema } from "@uptime/persistence/Migrations"
import { Monitors } from "@uptime/persistence/Monitors"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { Results } from "@uptime/persistence/Results"
import { Users } from "@uptime/persistence/Users"
import { Health } from "@uptime/runtime/Health"
import { httpServerLayer } from "@uptime/runtime/HttpServer"
import { runMain } from "@uptime/runtime/Main"
import { SecretBox } from "@uptime/runtime/SecretBox"
import * as Settings from "@uptime/runtime/Settings"
import * as RedisStream from "@uptime/stream/RedisStream"
import { Config, Layer } from "effect"
import { apiLayer } from "./Api.ts"
import { apiSettings } from "./ApiSettings.ts"
import { redisRateLimitsLayer } from "./auth/RedisRateLimits.ts"

/** The api, on PostgreSQL and Redis. Any number of them may run. */
runMain({
  name: "api",
  settings: Config.all({
    api: apiSettings,
    encryptionKey: Settings.encryptionKeyOption,
    databaseUrl: Settings.databaseUrl,
    redisUrl: Settings.redisUrl,
    streamKey: Settings.streamKey,
    host: Settings.host,
    port: Settings.port(Settings.defaultPorts.api),
  }),
  layer: (settings) =>
    apiLayer(settings.api).pipe(
      Layer.provide(httpServerLayer({ host: settings.host, port: settings.port })),
      // Without Redis accounts and monitors work all the same: only the database decides whether it is ready.
      Layer.provide(Health.layer({ database: PostgresSql.ready })),
      Layer.provide([Users.layer, Monitors.layer, Results.layer, SecretBox.layer(settings.encryptionKey)]),
      Layer.provide(redisRateLimitsLayer({ url: settings.redisUrl, prefix: `${settings.streamKey}:limits` })),
      Layer.provide(RedisStream.layer({ url: settings.redisUrl, key: settings.streamKey })),
      Layer.provide(Layer.effectDiscard(awaitSchema)),
      Layer.provide(
        PostgresSql.layer({ url: settings.databaseUrl, applicationName: "uptime-api", maxConnections: 10 }),
      ),
    ),
})
