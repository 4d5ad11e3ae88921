import { assert, describe, it } from "@effect/vitest"
import { UserId } from "@uptime/domain/Ids"
import type { Judgement } from "@uptime/persistence/Judgements"
import { StoreError } from "@uptime/persistence/StoreError"
import { Effect, Layer, Ref, TestClock } from "effect"
import { alerts } from "../src/Alerts.ts"
import { captureLogs, makeWorld, metricValue, servicesOf } from "./Fakes.ts"

const storeError = (reason: StoreError["reason"]) =>
  new StoreError({ reason, operation: "Judgements.judgeNext", cause: new Error("broken") })

const judgement: Judgement = {
  userId: UserId.make("11111111-1111-4111-8111-111111111111"),
  monitorIds: [],
  incidentIds: [],
  changes: 3,
  opened: 1,
  resolved: 0,
  told: 2,
}

type World = Effect.Effect.Success<typeof makeWorld>

/** The fibers of alerts, in a world some of whose services may be others. */
const start = (world: World, others: Partial<World["services"]> = {}) =>
  Layer.build(Layer.provide(Layer.scopedDiscard(alerts), servicesOf(world, others)))

/** A judge that answers these, one after the other, and then that nothing waits; with how often it was asked. */
const judgeOf = (world: World, answers: ReadonlyArray<Judgement | StoreError | null>) =>
  Effect.gen(function* () {
    const left = yield* Ref.make(answers)
    const asked = yield* Ref.make(0)
    const judgeNext = Effect.gen(function* () {
      yield* Ref.update(asked, (n) => n + 1)
      const next = yield* Ref.modify(left, ([first = null, ...rest]) => [first, rest] as const)
      return next instanceof StoreError ? yield* next : next
    })
    return { asked, judgements: { ...world.services.judgements, judgeNext } }
  })

describe("the fibers of alerts", () => {
  it.scoped("judge, send and notice what does not come every second, and lay maintenances every five", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* start(world)
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(yield* Ref.get(world.done), {
        judge: 11,
        dispatch: 11,
        plan: 11,
        missed: 11,
        maintenance: 3,
      })
    }),
  )

  it.scoped("do nothing where nothing waits, but for maintenances", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const nothing = { changes: false, messages: false, heartbeats: false, pages: false, notices: false }
      yield* start(world, { waitingWork: { look: Effect.succeed(nothing) } })
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(yield* Ref.get(world.done), { maintenance: 3 })
    }),
  )

  it.scoped("judge owner after owner at once, while any waits", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const before = yield* metricValue("uptime_status_changes_judged_total")
      const { asked, judgements } = yield* judgeOf(world, [judgement, judgement])
      yield* start(world, { judgements })
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* Ref.get(asked), 3)
      assert.strictEqual((yield* metricValue("uptime_status_changes_judged_total")) - before, 6)
    }),
  )

  it.effect("judge the others where one owner cannot be judged, and wait after a second failure", () =>
    Effect.gen(function* () {
      const { layer, lines } = yield* captureLogs
      const world = yield* makeWorld
      const { asked, judgements } = yield* judgeOf(world, [storeError("bug"), judgement, storeError("bug"), judgement])
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* start(world, { judgements })
          yield* TestClock.adjust("1 millis")
          assert.strictEqual(yield* Ref.get(asked), 3)
          yield* TestClock.adjust("300 millis")
          assert.strictEqual(yield* Ref.get(asked), 5)
        }),
      ).pipe(Effect.provide(layer))
      assert.include(lines, "WARN an owner's incidents could not be judged, and others are")
    }),
  )

  it.scoped("wait at once where the database is away", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const { asked, judgements } = yield* judgeOf(world, [storeError("unavailable"), judgement])
      yield* start(world, { judgements })
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* Ref.get(asked), 1)
      yield* TestClock.adjust("300 millis")
      assert.strictEqual(yield* Ref.get(asked), 3)
    }),
  )

  it.scoped("show how far they are", () =>
    Effect.gen(function* () {
      yield* start(yield* makeWorld)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* metricValue("uptime_judge_lag_seconds"), 1.5)
      assert.strictEqual(yield* metricValue("uptime_incidents_open"), 2)
      assert.strictEqual(yield* metricValue("uptime_alert_messages", { state: "pending" }), 3)
      assert.strictEqual(yield* metricValue("uptime_alert_messages", { state: "dead" }), 4)
      assert.strictEqual(yield* metricValue("uptime_alert_oldest_message_age_seconds"), 5)
    }),
  )
})
