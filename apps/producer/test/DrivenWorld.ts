import { SqlClient } from "@effect/sql/SqlClient"
import { Dispatcher } from "@uptime/alerting/Dispatcher"
import type { UserId } from "@uptime/domain/Ids"
import type { MonitorSettings } from "@uptime/domain/Monitor"
import { Region } from "@uptime/domain/Region"
import { slotAfter, slotGrid } from "@uptime/domain/Slot"
import { DueMonitors } from "@uptime/persistence/DueMonitors"
import { Incidents } from "@uptime/persistence/Incidents"
import { Monitors } from "@uptime/persistence/Monitors"
import { CheckStream } from "@uptime/stream/CheckStream"
import * as MemoryEvents from "@uptime/stream/MemoryEvents"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import type { HeldTime } from "@uptime/testing/HeldTime"
import { Clock, Effect, Layer } from "effect"
import { incidentWorld, judgeAll } from "./IncidentWorld.ts"
import { stepwiseWorker } from "./StepwiseWorker.ts"

export const usa = Region.make("USA")
export const india = Region.make("India")

/** Everything from a monitor to a message, over a database: what a producer and the workers of two regions run on. */
export const drivenWorld = (databaseUrl: string) =>
  Layer.mergeAll(DueMonitors.layer, Incidents.layer, Monitors.layer, MemoryStream.layer(), MemoryEvents.layer).pipe(
    Layer.provideMerge(incidentWorld(databaseUrl)),
  )

/** A new monitor that is due, and the first point of its grid (milliseconds since the epoch). */
export const makeDueMonitor = (owner: UserId, settings: MonitorSettings) =>
  Effect.gen(function* () {
    const monitors = yield* Monitors
    const created = yield* monitors.create(owner, [settings])
    yield* monitors.leaveToProducer(created)
    const [only] = created
    if (only === undefined) return yield* Effect.dieMessage("no monitor was made")
    const { id } = only.monitor
    return { id, firstPoint: slotAfter(slotGrid(id, settings.intervalSeconds), only.firstSlot) }
  })

/** When the next check, judgement or message is due, in milliseconds since the epoch. */
const nextDue = Effect.gen(function* () {
  const sql = yield* SqlClient
  const [row] = yield* sql<{ readonly at: number }>`
    SELECT date_part('epoch', least(
      (SELECT min(next_check_at) FROM monitors),
      (SELECT min(look_at) FROM incidents),
      (SELECT min(next_attempt_at) FROM alert_outbox WHERE state = 'pending')
    )) * 1000 AS at`
  return row?.at ?? Number.POSITIVE_INFINITY
})

/**
 * Lets time go from step to step, each at the instant at which something is due next. In a step the producer publishes what
 * is to be checked; the workers of both regions check it at once, and store what they found, first those from the USA; then
 * the judge judges, and the dispatcher sends.
 *
 * @param afterStep looks at what a step has come to
 * @returns lets time go on to an instant (milliseconds since the epoch), and leaves what is due at that instant to the next call
 */
export const makeDrive = <E, R>(time: HeldTime, afterStep: Effect.Effect<void, E, R>) =>
  Effect.gen(function* () {
    const due = yield* DueMonitors
    const stream = yield* CheckStream
    const { dispatch } = yield* Dispatcher
    const workers = yield* Effect.forEach([usa, india], stepwiseWorker)
    const step = Effect.gen(function* () {
      const { claimed } = yield* due.claim(10, stream.publish)
      if (claimed > 0) {
        yield* Effect.forEach(workers, ({ check }) => check, { concurrency: "unbounded" })
        yield* Effect.forEach(workers, ({ store }) => store)
      }
      yield* judgeAll
      yield* dispatch
      yield* afterStep
    })
    return (until: number) =>
      Effect.gen(function* () {
        for (let at = yield* nextDue; at < until; at = yield* nextDue) {
          yield* time.goTo(Math.max(at, yield* Clock.currentTimeMillis))
          yield* step
        }
        yield* time.goTo(until)
      })
  })
