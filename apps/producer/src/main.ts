import { Dispatcher } from "@uptime/alerting/Dispatcher"
import { Mailer } from "@uptime/alerting/Mailer"
import { smtpConfig } from "@uptime/alerting/SmtpSettings"
import { SubscriberDispatcher } from "@uptime/alerting/SubscriberDispatcher"
import { SubscriberHttp } from "@uptime/alerting/SubscriberHttp"
import * as ClockSkew from "@uptime/persistence/ClockSkew"
import { DueMonitors } from "@uptime/persistence/DueMonitors"
import { EmailRecipients } from "@uptime/persistence/EmailRecipients"
import { Heartbeats } from "@uptime/persistence/Heartbeats"
import { Housekeeping } from "@uptime/persistence/Housekeeping"
import { Judgements } from "@uptime/persistence/Judgements"
import { Maintenances } from "@uptime/persistence/Maintenances"
import { awaitSchema } from "@uptime/persistence/Migrations"
import { Outbox } from "@uptime/persistence/Outbox"
import { PageDomains } from "@uptime/persistence/PageDomains"
import { PageOutbox } from "@uptime/persistence/PageOutbox"
import { PageSubscribers } from "@uptime/persistence/PageSubscribers"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { PublicPages } from "@uptime/persistence/PublicPages"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { Users } from "@uptime/persistence/Users"
import { WaitingWork } from "@uptime/persistence/WaitingWork"
import { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { policyConfig } from "@uptime/prober/TargetGuard"
import { TxtRecords } from "@uptime/prober/TxtRecords"
import { Health } from "@uptime/runtime/Health"
import { healthServerLayer } from "@uptime/runtime/HealthServer"
import { runMain } from "@uptime/runtime/Main"
import { SecretBox } from "@uptime/runtime/SecretBox"
import * as Settings from "@uptime/runtime/Settings"
import { CheckStream } from "@uptime/stream/CheckStream"
import * as RedisEvents from "@uptime/stream/RedisEvents"
import * as RedisStream from "@uptime/stream/RedisStream"
import { Config, Effect, Layer, Option } from "effect"
import * as Producer from "./Producer.ts"

/** The producer, on PostgreSQL and Redis: it also judges, and sends messages. Any number of them may run. */
runMain({
  name: "producer",
  settings: Config.all({
    databaseUrl: Settings.databaseUrl,
    redisUrl: Settings.redisUrl,
    streamKey: Settings.streamKey,
    streamShards: Settings.streamShards,
    regions: Settings.regions,
    retentionDays: Settings.retentionDays,
    incidentRetentionDays: Settings.incidentRetentionDays,
    policy: policyConfig(false),
    encryptionKey: Settings.encryptionKeyOption,
    smtp: smtpConfig,
    publicUrl: Settings.publicUrl,
    host: Settings.host,
    port: Settings.port(Settings.defaultPorts.producer),
  }),
  layer: (settings) => {
    const health = Health.layer({
      database: PostgresSql.ready,
      stream: Effect.flatMap(CheckStream, (stream) => stream.ping),
    })
    return Layer.merge(
      Producer.layer({
        regions: settings.regions,
        retentionDays: settings.retentionDays,
        incidentRetentionDays: settings.incidentRetentionDays,
      }),
      healthServerLayer({ host: settings.host, port: settings.port }).pipe(Layer.provide(health)),
    ).pipe(
      Layer.provide([
        Dispatcher.layer({ publicUrl: Option.getOrNull(settings.publicUrl) }),
        SubscriberDispatcher.layer({ publicUrl: Option.getOrNull(settings.publicUrl) }),
      ]),
      Layer.provide([
        GuardedHttp.layer(settings.policy),
        SubscriberHttp.layer(settings.policy.denyCidrs),
        TxtRecords.layer,
        Mailer.layer(settings.policy, { installation: settings.smtp }),
        SecretBox.layer(settings.encryptionKey),
      ]),
      Layer.provide(
        Layer.mergeAll(
          DueMonitors.layer,
          EmailRecipients.layer,
          Heartbeats.layer,
          Housekeeping.layer,
          Judgements.layer,
          Maintenances.layer,
          Outbox.layer,
          PageDomains.layer,
          PageOutbox.layer,
          PageSubscribers.layer,
          PublicPages.layer,
          Users.layer,
          WaitingWork.layer,
        ),
      ),
      Layer.provide(ResultStore.layer),
      Layer.provide(
        RedisStream.layer({ url: settings.redisUrl, key: settings.streamKey, shards: settings.streamShards }),
      ),
      Layer.provide(RedisEvents.layer({ url: settings.redisUrl, key: settings.streamKey })),
      Layer.provide([ClockSkew.layer, Layer.effectDiscard(awaitSchema)]),
      Layer.provide(
        PostgresSql.layer({ url: settings.databaseUrl, applicationName: "uptime-producer", maxConnections: 4 }),
      ),
    )
  },
})
