import type { Dispatcher } from "@uptime/alerting/Dispatcher"
import type { SubscriberDispatcher } from "@uptime/alerting/SubscriberDispatcher"
import type { Region } from "@uptime/domain/Region"
import type { DueMonitors } from "@uptime/persistence/DueMonitors"
import type { EmailRecipients } from "@uptime/persistence/EmailRecipients"
import type { Heartbeats } from "@uptime/persistence/Heartbeats"
import type { Housekeeping } from "@uptime/persistence/Housekeeping"
import type { Judgements } from "@uptime/persistence/Judgements"
import type { Maintenances } from "@uptime/persistence/Maintenances"
import type { Outbox } from "@uptime/persistence/Outbox"
import type { PageDomains } from "@uptime/persistence/PageDomains"
import type { PageOutbox } from "@uptime/persistence/PageOutbox"
import type { PageSubscribers } from "@uptime/persistence/PageSubscribers"
import type { PublicPages } from "@uptime/persistence/PublicPages"
import type { Users } from "@uptime/persistence/Users"
import type { WaitingWork } from "@uptime/persistence/WaitingWork"
import type { TxtRecords } from "@uptime/prober/TxtRecords"
import type { CheckStream } from "@uptime/stream/CheckStream"
import type { Events } from "@uptime/stream/Events"
import { Effect, Layer } from "effect"
import { alerts } from "./Alerts.ts"
import { chores, type RetentionAges } from "./Chores.ts"
import { claimLoop } from "./ClaimLoop.ts"
import { domainChore } from "./DomainChore.ts"
import { statusPageChore } from "./StatusPageChore.ts"
import { streamChores } from "./StreamChores.ts"
import { subscriberLoop } from "./SubscriberLoop.ts"

/** What a producer is told. */
export interface ProducerOptions extends RetentionAges {
  /** Every region that has workers: the groups of the stream. */
  readonly regions: ReadonlyArray<Region>
}

/** What a producer runs on. */
export type ProducerServices =
  | CheckStream
  | Dispatcher
  | DueMonitors
  | EmailRecipients
  | Events
  | Heartbeats
  | Housekeeping
  | Judgements
  | Maintenances
  | Outbox
  | PageDomains
  | PageOutbox
  | PageSubscribers
  | PublicPages
  | SubscriberDispatcher
  | TxtRecords
  | Users
  | WaitingWork

/**
 * A producer: puts due monitors on the stream, judges what became of them, tells people, builds what the public is shown, and keeps database and stream in
 * order, each in supervised fibers. Any number of them may run at once.
 */
export const layer = (options: ProducerOptions): Layer.Layer<never, never, ProducerServices> =>
  Layer.scopedDiscard(
    Effect.gen(function* () {
      // The groups first: without one, what is published is read by nobody until a worker or the trimmer makes it.
      yield* streamChores(options.regions)
      yield* claimLoop
      yield* alerts
      yield* statusPageChore
      yield* domainChore
      yield* subscriberLoop
      yield* chores(options)
    }),
  )
