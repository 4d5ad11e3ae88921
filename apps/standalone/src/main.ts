import { fileURLToPath } from "node:url"
import { Dispatcher } from "@uptime/alerting/Dispatcher"
import { Mailer } from "@uptime/alerting/Mailer"
import { SubscriberDispatcher } from "@uptime/alerting/SubscriberDispatcher"
import { SubscriberHttp } from "@uptime/alerting/SubscriberHttp"
import { apiStoresLayer } from "@uptime/api/ApiStores"
import { RateLimits } from "@uptime/api/auth/RateLimits"
import { redisRateLimitsLayer } from "@uptime/api/auth/RedisRateLimits"
import { WebFiles } from "@uptime/api/http/WebFiles"
import { DueMonitors } from "@uptime/persistence/DueMonitors"
import * as EmbeddedSql from "@uptime/persistence/EmbeddedSql"
import { Housekeeping } from "@uptime/persistence/Housekeeping"
import { Judgements } from "@uptime/persistence/Judgements"
import { migrate } from "@uptime/persistence/Migrations"
import { Outbox } from "@uptime/persistence/Outbox"
import { PageOutbox } from "@uptime/persistence/PageOutbox"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { WaitingWork } from "@uptime/persistence/WaitingWork"
import { GuardedHttp } from "@uptime/prober/GuardedHttp"
import * as NodeProber from "@uptime/prober/NodeProber"
import { TxtRecords } from "@uptime/prober/TxtRecords"
import { Health } from "@uptime/runtime/Health"
import { httpServerLayer } from "@uptime/runtime/HttpServer"
import { runMain } from "@uptime/runtime/Main"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { CheckStream } from "@uptime/stream/CheckStream"
import * as MemoryEvents from "@uptime/stream/MemoryEvents"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import * as MemoryTestRuns from "@uptime/stream/MemoryTestRuns"
import * as RedisEvents from "@uptime/stream/RedisEvents"
import * as RedisStream from "@uptime/stream/RedisStream"
import * as RedisTestRuns from "@uptime/stream/RedisTestRuns"
import { Effect, Layer, Option } from "effect"
import { keptSecret } from "./Secret.ts"
import * as Standalone from "./Standalone.ts"
import { standaloneSettings } from "./StandaloneSettings.ts"

/** A new database, put beside the bundle when it is built: a first start need not make its own, which takes seconds. */
const newDatabase = fileURLToPath(new URL("./database.tar.gz", import.meta.url))

/** The dashboard, put beside the bundle too. */
const webFolder = fileURLToPath(new URL("./web", import.meta.url))

/** Everything in one process: what `npm start` runs. */
runMain({
  name: "uptime",
  settings: standaloneSettings,
  layer: (settings) => {
    const database: Layer.Layer<
      PostgresSql.Database,
      Layer.Layer.Error<ReturnType<typeof EmbeddedSql.layer | typeof PostgresSql.layer>>
    > = Option.match(settings.databaseUrl, {
      onNone: () => EmbeddedSql.layer({ dataDir: settings.dataDir, template: newDatabase }),
      onSome: (url) => PostgresSql.layer({ url, applicationName: "uptime", maxConnections: 10 }),
    })
    const redis = Option.map(settings.redisUrl, (url) => ({ url, key: settings.streamKey }))
    const stream = Option.match(redis, {
      onNone: () => MemoryStream.layer(),
      onSome: (options) => RedisStream.layer({ ...options, shards: settings.streamShards }),
    })
    const events = Option.match(redis, { onNone: () => MemoryEvents.layer, onSome: RedisEvents.layer })
    const testRuns = Option.match(redis, { onNone: () => MemoryTestRuns.layer, onSome: RedisTestRuns.layer })
    const rateLimits = Option.match(redis, {
      onNone: () => RateLimits.layerMemory,
      onSome: ({ key, url }) => redisRateLimitsLayer({ url, prefix: `${key}:limits` }),
    })
    const health = Health.layer({
      database: PostgresSql.ready,
      stream: Effect.flatMap(CheckStream, ({ ping }) => ping),
    })
    const secretBox = Layer.unwrapEffect(
      Effect.map(
        Option.match(settings.encryptionKey, {
          onNone: () => keptSecret(settings.dataDir, "encryption-key"),
          onSome: Effect.succeed,
        }),
        (key) => SecretBox.layer(Option.some(key)),
      ),
    )
    return Standalone.layer(settings).pipe(
      Layer.provide(httpServerLayer({ host: settings.host, port: settings.port })),
      Layer.provide([health, rateLimits, NodeProber.layer(settings.targetPolicy, { canaries: settings.canaries })]),
      Layer.provide([
        Dispatcher.layer({ publicUrl: Option.getOrNull(settings.api.publicUrl) }),
        SubscriberDispatcher.layer({ publicUrl: Option.getOrNull(settings.api.publicUrl) }),
      ]),
      Layer.provide([
        secretBox,
        WebFiles.layer(webFolder),
        GuardedHttp.layer(settings.targetPolicy),
        SubscriberHttp.layer(settings.targetPolicy.denyCidrs),
        TxtRecords.layer,
        Mailer.layer(settings.targetPolicy, { installation: settings.smtp }),
      ]),
      Layer.provide(
        Layer.mergeAll(
          apiStoresLayer,
          DueMonitors.layer,
          Housekeeping.layer,
          Judgements.layer,
          Outbox.layer,
          PageOutbox.layer,
          WaitingWork.layer,
        ),
      ),
      Layer.provide(ResultStore.layer),
      Layer.provide([stream, events, testRuns]),
      Layer.provide(Layer.provideMerge(Layer.effectDiscard(migrate), database)),
    )
  },
})
