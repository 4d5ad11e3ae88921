import { Config, Effect, Layer, Option } from "effect"
import * as Producer from "../../../apps/producer/src/Producer.ts"
import { Dispatcher } from "../../../packages/alerting/src/Dispatcher.ts"
import { Mailer } from "../../../packages/alerting/src/Mailer.ts"
import { SubscriberDispatcher } from "../../../packages/alerting/src/SubscriberDispatcher.ts"
import { SubscriberHttp } from "../../../packages/alerting/src/SubscriberHttp.ts"
import { DueMonitors } from "../../../packages/persistence/src/DueMonitors.ts"
import { EmailRecipients } from "../../../packages/persistence/src/EmailRecipients.ts"
import { Heartbeats } from "../../../packages/persistence/src/Heartbeats.ts"
import { Housekeeping } from "../../../packages/persistence/src/Housekeeping.ts"
import { Judgements } from "../../../packages/persistence/src/Judgements.ts"
import { Maintenances } from "../../../packages/persistence/src/Maintenances.ts"
import { awaitSchema } from "../../../packages/persistence/src/Migrations.ts"
import { Outbox } from "../../../packages/persistence/src/Outbox.ts"
import { PageDomains } from "../../../packages/persistence/src/PageDomains.ts"
import { PageOutbox } from "../../../packages/persistence/src/PageOutbox.ts"
import { PageSubscribers } from "../../../packages/persistence/src/PageSubscribers.ts"
import * as PostgresSql from "../../../packages/persistence/src/PostgresSql.ts"
import { PublicPages } from "../../../packages/persistence/src/PublicPages.ts"
import { ResultStore } from "../../../packages/persistence/src/ResultStore.ts"
import { Users } from "../../../packages/persistence/src/Users.ts"
import { WaitingWork } from "../../../packages/persistence/src/WaitingWork.ts"
import { GuardedHttp } from "../../../packages/prober/src/GuardedHttp.ts"
import { policyConfig } from "../../../packages/prober/src/TargetGuard.ts"
import { TxtRecords } from "../../../packages/prober/src/TxtRecords.ts"
import { runMain } from "../../../packages/runtime/src/Main.ts"
import { SecretBox } from "../../../packages/runtime/src/SecretBox.ts"
import * as Settings from "../../../packages/runtime/src/Settings.ts"
import { CheckStream } from "../../../packages/stream/src/CheckStream.ts"
import * as RedisEvents from "../../../packages/stream/src/RedisEvents.ts"
import * as RedisStream from "../../../packages/stream/src/RedisStream.ts"
import { jobKey } from "../../../packages/testing/src/faults/JobKey.ts"
import { type Journal, journal } from "./journal.ts"
import { type Killing, killingConfig } from "./killing.ts"

/**
 * The producer of the product over a stream that writes down what is published (`JOURNAL`), and that can kill the process
 * (`KILL_AT`) at `after-publish`: the jobs are on the stream, and their monitors have not moved on.
 */
const observedStream = (write: Journal, killing: Killing) =>
  Layer.effect(
    CheckStream,
    Effect.map(CheckStream, (stream) =>
      CheckStream.of({
        ...stream,
        publish: (jobs) => {
          const keys = jobs.map(({ monitorId, slot }) => jobKey(monitorId, slot))
          return Effect.sync(() => write("publishing", keys)).pipe(
            Effect.zipRight(stream.publish(jobs)),
            Effect.zipRight(Effect.sync(() => write("published", keys))),
            Effect.zipRight(killing.at("after-publish")),
          )
        },
      }),
    ),
  )

runMain({
  name: "producer",
  settings: Config.all({
    databaseUrl: Settings.databaseUrl,
    redisUrl: Settings.redisUrl,
    streamKey: Settings.streamKey,
    regions: Settings.regions,
    retentionDays: Settings.retentionDays,
    incidentRetentionDays: Settings.incidentRetentionDays,
    policy: policyConfig(false),
    encryptionKey: Settings.encryptionKeyOption,
    journal: Config.map(Config.string("JOURNAL"), journal),
    killing: killingConfig,
  }),
  layer: (settings) =>
    Producer.layer({
      regions: settings.regions,
      retentionDays: settings.retentionDays,
      incidentRetentionDays: settings.incidentRetentionDays,
    }).pipe(
      Layer.provide([Dispatcher.layer({ publicUrl: null }), SubscriberDispatcher.layer({ publicUrl: null })]),
      Layer.provide([
        GuardedHttp.layer(settings.policy),
        SubscriberHttp.layer(settings.policy.denyCidrs),
        TxtRecords.layer,
        Mailer.layer(settings.policy, { installation: Option.none() }),
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
      Layer.provide(observedStream(settings.journal, settings.killing)),
      Layer.provide(RedisStream.layer({ url: settings.redisUrl, key: settings.streamKey })),
      Layer.provide(RedisEvents.layer({ url: settings.redisUrl, key: settings.streamKey })),
      Layer.provide(Layer.effectDiscard(awaitSchema)),
      Layer.provide(
        PostgresSql.layer({ url: settings.databaseUrl, applicationName: "uptime-producer", maxConnections: 4 }),
      ),
    ),
})
