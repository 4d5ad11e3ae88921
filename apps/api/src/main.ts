import { fileURLToPath } from "node:url"
import { Mailer } from "@uptime/alerting/Mailer"
import { smtpConfig } from "@uptime/alerting/SmtpSettings"
import { SubscriberHttp } from "@uptime/alerting/SubscriberHttp"
import * as ClockSkew from "@uptime/persistence/ClockSkew"
import { awaitSchema } from "@uptime/persistence/Migrations"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { TxtRecords } from "@uptime/prober/TxtRecords"
import { Health } from "@uptime/runtime/Health"
import { httpServerLayer } from "@uptime/runtime/HttpServer"
import { runMain } from "@uptime/runtime/Main"
import { SecretBox } from "@uptime/runtime/SecretBox"
import * as Settings from "@uptime/runtime/Settings"
import * as RedisEvents from "@uptime/stream/RedisEvents"
import * as RedisStream from "@uptime/stream/RedisStream"
import * as RedisTestRuns from "@uptime/stream/RedisTestRuns"
import { Config, Layer } from "effect"
import { apiLayer } from "./Api.ts"
import { apiSettings } from "./ApiSettings.ts"
import { apiStoresLayer } from "./ApiStores.ts"
import { redisRateLimitsLayer } from "./auth/RedisRateLimits.ts"
import { WebFiles } from "./http/WebFiles.ts"

/** The dashboard, put beside the bundle when it is built. */
const webFolder = fileURLToPath(new URL("./web", import.meta.url))

/** The api, on PostgreSQL and Redis. Any number of them may run. */
runMain({
  name: "api",
  settings: Config.all({
    api: apiSettings,
    encryptionKey: Settings.encryptionKeyOption,
    smtp: smtpConfig,
    databaseUrl: Settings.databaseUrl,
    redisUrl: Settings.redisUrl,
    streamKey: Settings.streamKey,
    streamShards: Settings.streamShards,
    host: Settings.host,
    port: Settings.port(Settings.defaultPorts.api),
  }),
  layer: (settings) =>
    apiLayer(settings.api).pipe(
      Layer.provide(httpServerLayer({ host: settings.host, port: settings.port })),
      // Without Redis accounts and monitors work all the same: only the database decides whether it is ready.
      Layer.provide(Health.layer({ database: PostgresSql.ready })),
      Layer.provide([
        apiStoresLayer,
        SecretBox.layer(settings.encryptionKey),
        WebFiles.layer(webFolder),
        GuardedHttp.layer(settings.api.targetPolicy),
        SubscriberHttp.layer(settings.api.targetPolicy.denyCidrs),
        TxtRecords.layer,
        Mailer.layer(settings.api.targetPolicy, { installation: settings.smtp }),
      ]),
      Layer.provide(ResultStore.layer),
      Layer.provide(redisRateLimitsLayer({ url: settings.redisUrl, prefix: `${settings.streamKey}:limits` })),
      Layer.provide(
        RedisStream.layer({ url: settings.redisUrl, key: settings.streamKey, shards: settings.streamShards }),
      ),
      Layer.provide(RedisTestRuns.layer({ url: settings.redisUrl, key: settings.streamKey })),
      Layer.provide(RedisEvents.layer({ url: settings.redisUrl, key: settings.streamKey })),
      Layer.provide([ClockSkew.layer, Layer.effectDiscard(awaitSchema)]),
      Layer.provide(
        PostgresSql.layer({ url: settings.databaseUrl, applicationName: "uptime-api", maxConnections: 10 }),
      ),
    ),
})
