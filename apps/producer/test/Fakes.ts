import { Dispatcher } from "@uptime/alerting/Dispatcher"
import { SubscriberDispatcher } from "@uptime/alerting/SubscriberDispatcher"
import { MonitorId } from "@uptime/domain/Ids"
import { type Job, jobVersion } from "@uptime/domain/Job"
import { Region } from "@uptime/domain/Region"
import { DueMonitors } from "@uptime/persistence/DueMonitors"
import { EmailRecipients } from "@uptime/persistence/EmailRecipients"
import { Heartbeats } from "@uptime/persistence/Heartbeats"
import { Housekeeping } from "@uptime/persistence/Housekeeping"
import { Judgements } from "@uptime/persistence/Judgements"
import { Maintenances } from "@uptime/persistence/Maintenances"
import { Outbox } from "@uptime/persistence/Outbox"
import { PageDomains } from "@uptime/persistence/PageDomains"
import { PageOutbox } from "@uptime/persistence/PageOutbox"
import { PageSubscribers } from "@uptime/persistence/PageSubscribers"
import { PublicPages } from "@uptime/persistence/PublicPages"
import { Users } from "@uptime/persistence/Users"
import { type Waiting, WaitingWork } from "@uptime/persistence/WaitingWork"
import { TxtRecords } from "@uptime/prober/TxtRecords"
import { CheckStream, StreamError } from "@uptime/stream/CheckStream"
import * as MemoryEvents from "@uptime/stream/MemoryEvents"
import { Clock, Effect, Layer, Logger, Metric, Ref } from "effect"
import * as Producer from "../src/Producer.ts"

export const regions = [Region.make("USA"), Region.make("India")]

/** A job; only how many there are matters here. */
export const job = (slot: number): Job => ({
  v: jobVersion,
  monitorId: MonitorId.make("11111111-1111-4111-8111-111111111111"),
  slot,
  deadline: slot + 120_000,
  configVersion: 1,
  spec: { kind: "http", url: "http://127.0.0.1/", timeoutMs: 1000 },
})

export const streamAway = new StreamError({
  reason: "unavailable",
  operation: "publish",
  cause: new Error("ECONNREFUSED"),
})

/** A database and a stream of nothing but counters, with a switch on the stream. */
export const makeWorld = Effect.gen(function* () {
  /** Monitors that are due. */
  const due = yield* Ref.make(0)
  /** The size of each batch that was published, and when. */
  const published = yield* Ref.make<ReadonlyArray<readonly [at: number, jobs: number]>>([])
  const claims = yield* Ref.make(0)
  const pings = yield* Ref.make(0)
  const streamUp = yield* Ref.make(true)
  /** How often each chore was done. */
  const done = yield* Ref.make<Readonly<Record<string, number>>>({})
  const does = <A>(name: string, result: A) =>
    Effect.as(
      Ref.update(done, (all) => ({ ...all, [name]: (all[name] ?? 0) + 1 })),
      result,
    )
  const ifUp = Effect.filterOrFail(
    Ref.get(streamUp),
    (up) => up,
    () => streamAway,
  )

  const dueMonitors: DueMonitors["Type"] = {
    claim: (limit, publish) =>
      Effect.gen(function* () {
        yield* Ref.update(claims, (n) => n + 1)
        const claimed = Math.min(limit, yield* Ref.get(due))
        if (claimed > 0) yield* publish(Array.from({ length: claimed }, (_, i) => job(i)))
        yield* Ref.update(due, (n) => n - claimed)
        return { claimed, coalesced: 0, maxLatenessMs: 1500 }
      }),
    backlog: Effect.map(Ref.get(due), (due) => ({ due, oldestMs: 1500, perSecond: 10 })),
  }
  const housekeeping: Housekeeping["Type"] = {
    ensurePartitions: does("ensurePartitions", 9),
    defaultPartitionRows: does("defaultPartitionRows", 0),
    dropExpired: (days) => does(`dropExpired ${days}`, 0),
    forgetHistory: ({ changeDays, incidentDays }) => does(`forgetHistory ${changeDays} ${incidentDays}`, 0),
    rollUp: does("rollUp", 0),
    sweepNoData: does("sweepNoData", 0),
    purgeDeleted: does("purgeDeleted", 0),
  }
  const users: Pick<Users["Type"], "forgetExpiredRevocations"> = {
    forgetExpiredRevocations: does("forgetExpiredRevocations", 0),
  }
  const stream: Pick<CheckStream["Type"], "publish" | "trim" | "groups" | "ping"> = {
    publish: (jobs) =>
      Effect.gen(function* () {
        yield* ifUp
        const now = yield* Clock.currentTimeMillis
        yield* Ref.update(published, (all) => [...all, [now, jobs.length] as const])
      }),
    trim: () => Effect.zipRight(ifUp, does("trim", { acknowledged: 0, expired: 0 })),
    groups: (asked) =>
      Effect.zipRight(
        ifUp,
        does(
          "groups",
          asked.map((region) => ({ region, lag: 1, pending: 2, oldestAgeMs: 3000, consumers: 4, dead: 5 })),
        ),
      ),
    ping: Effect.zipRight(
      Ref.update(pings, (n) => n + 1),
      Effect.asVoid(ifUp),
    ),
  }
  const judgements: Judgements["Type"] = {
    judgeNext: does("judge", null),
    state: Effect.succeed({ lagMs: 1_500, openIncidents: 2 }),
  }
  const dispatcher: Dispatcher["Type"] = { dispatch: does("dispatch", 0) }
  const outbox: Pick<Outbox["Type"], "state"> = {
    state: Effect.succeed({ pending: 3, dead: 4, oldestAgeMs: 5_000 }),
  }
  const heartbeats: Pick<Heartbeats["Type"], "missed" | "plan"> = { plan: does("plan", 0), missed: does("missed", 0) }
  const maintenances: Pick<Maintenances["Type"], "apply"> = { apply: does("maintenance", 0) }
  const checks = { dueMonitors, housekeeping, users, stream }
  const publicPages: Pick<PublicPages["Type"], "buildDue"> = { buildDue: does("buildDue", 0) }
  const everything: Waiting = { changes: true, messages: true, heartbeats: true, pages: true, notices: true }
  const waitingWork: WaitingWork["Type"] = { look: Effect.succeed(everything) }
  const alerts = { waitingWork, judgements, dispatcher, outbox, heartbeats, maintenances, publicPages }
  return { due, published, claims, pings, streamUp, done, services: { ...checks, ...alerts } }
})

type World = Effect.Effect.Success<typeof makeWorld>

/** The producer in such a world, some of whose services may be others. */
export const producer = (world: World, others: Partial<World["services"]> = {}) =>
  Layer.provide(Producer.layer({ regions, retentionDays: 90, incidentRetentionDays: 730 }), servicesOf(world, others))

/** The world's services, some of which may be others. */
export const servicesOf = (world: World, others: Partial<World["services"]> = {}) => {
  const services = { ...world.services, ...others }
  return Layer.mergeAll(
    Layer.succeed(DueMonitors, services.dueMonitors),
    MemoryEvents.layer,
    Layer.succeed(Housekeeping, services.housekeeping),
    Layer.mock(Users, services.users),
    Layer.mock(CheckStream, services.stream),
    alertsOf(services),
  )
}

const alertsOf = (services: World["services"]) =>
  Layer.mergeAll(
    Layer.succeed(WaitingWork, services.waitingWork),
    Layer.succeed(Judgements, services.judgements),
    Layer.succeed(Dispatcher, services.dispatcher),
    Layer.mock(Outbox, services.outbox),
    Layer.mock(Heartbeats, services.heartbeats),
    Layer.mock(Maintenances, services.maintenances),
    Layer.mock(PublicPages, services.publicPages),
    Layer.succeed(SubscriberDispatcher, { dispatch: Effect.succeed(0) }),
    Layer.mock(PageDomains, { take: () => Effect.succeed([]) }),
    Layer.mock(TxtRecords, {}),
    Layer.mock(PageOutbox, { forgetOld: Effect.succeed(0) }),
    Layer.mock(EmailRecipients, { forgetOld: Effect.succeed(0) }),
    Layer.mock(PageSubscribers, { forgetOver: Effect.succeed(0) }),
  )

/** Nothing to judge and nobody to tell, for those whom incidents do not concern. */
export const noAlerts = Layer.unwrapEffect(Effect.map(makeWorld, ({ services }) => alertsOf(services)))

/** Log lines from here on, as `LEVEL message`. */
export const captureLogs = Effect.sync(() => {
  const lines: Array<string> = []
  const logger = Logger.make<unknown, void>(({ logLevel, message }) => {
    lines.push(`${logLevel.label} ${Array.isArray(message) ? message[0] : message}`)
  })
  return { lines, layer: Logger.replace(Logger.defaultLogger, logger) }
})

/** The value of a counter or gauge now, 0 where it is not yet. The registry is one for all tests: compare differences. */
export const metricValue = (name: string, labels: Readonly<Record<string, string>> = {}) =>
  Effect.map(Metric.snapshot, (pairs) => {
    const pair = pairs.find(
      ({ metricKey }) =>
        metricKey.name === name &&
        Object.entries(labels).every(([key, value]) =>
          metricKey.tags.some((tag) => tag.key === key && tag.value === value),
        ),
    )
    const state = pair?.metricState
    if (state === undefined) return 0
    if ("count" in state) return Number(state.count)
    return "value" in state ? Number(state.value) : 0
  })
