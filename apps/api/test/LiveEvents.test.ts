import { assert, describe, it } from "@effect/vitest"
import { MonitorId, ResultId, UserId } from "@uptime/domain/Ids"
import { Region } from "@uptime/domain/Region"
import { noPhases, type Result } from "@uptime/domain/Result"
import { LiveResults } from "@uptime/persistence/LiveResults"
import { StoreError } from "@uptime/persistence/StoreError"
import { Events, type ResultKey } from "@uptime/stream/Events"
import * as MemoryEvents from "@uptime/stream/MemoryEvents"
import { Context, DateTime, Effect, Layer, Option, Stream, TestClock } from "effect"
import { LiveEvents, maxUnread } from "../src/events/LiveEvents.ts"

const userId = UserId.make("0190a5f4-0000-7000-8000-000000000009")
const id = MonitorId.make("0190a5f4-0000-7000-8000-000000000001")
const usa = Region.make("USA")
const keyAt = (slot: number): ResultKey => [id, usa, slot]

const resultAt = (slot: number): Result => ({
  id: ResultId.make("0190a5f4-0000-7000-8000-0000000000aa"),
  monitorId: id,
  location: usa,
  status: "Up",
  responseTimeMs: 1,
  checkedAt: DateTime.unsafeMake(slot),
  scheduledAt: DateTime.unsafeMake(slot),
  phases: noPhases,
  httpStatus: null,
  error: null,
  certificateExpiresAt: null,
})

const nothingLately = { keys: [], changes: [] }

/** The hub over a store of which a test says what it holds. */
const world = (store: Partial<Context.Tag.Service<LiveResults>>) =>
  Effect.map(
    Layer.build(
      LiveEvents.layerNoDeps.pipe(
        Layer.provide(
          Layer.mock(LiveResults, {
            owned: (_, keys) => Effect.succeed(keys.map(([, , slot]) => ({ userId, result: resultAt(slot) }))),
            lately: () => Effect.succeed(nothingLately),
            ...store,
          }),
        ),
        Layer.provideMerge(MemoryEvents.layer),
      ),
    ),
    (context) => ({ live: Context.get(context, LiveEvents), events: Context.get(context, Events) }),
  )

/** The frames of a stream, one by one, and none at its end. */
const reading = (live: Context.Tag.Service<LiveEvents>) =>
  Effect.gen(function* () {
    const pull = yield* Stream.toPull(Stream.rechunk(yield* live.open(userId, "00000000-1"), 1))
    const next = Effect.map(
      Effect.option(pull),
      Option.map(([frame = ""]) => frame),
    )
    // The first thing that is said is that what was before is not known: from then on it listens.
    assert.include(Option.getOrThrow(yield* next), "event: reset")
    return next
  })

describe("LiveEvents", () => {
  it.scoped("look through what was stored for what they did not hear of, and tell that once", () =>
    Effect.gen(function* () {
      let lately: ReadonlyArray<ResultKey> = []
      const { events, live } = yield* world({ lately: () => Effect.sync(() => ({ ...nothingLately, keys: lately })) })
      const next = yield* reading(live)
      yield* events.publish({ _tag: "Results", keys: [keyAt(1_000)] })
      assert.include(Option.getOrThrow(yield* next), '"scheduledAt":"1970-01-01T00:00:01.000Z"')
      lately = [keyAt(1_000)]
      yield* TestClock.adjust("15 seconds")
      lately = [keyAt(2_000)]
      yield* TestClock.adjust("15 seconds")
      yield* TestClock.adjust("15 seconds")
      assert.include(Option.getOrThrow(yield* next), '"scheduledAt":"1970-01-01T00:00:02.000Z"')
      assert.include(Option.getOrThrow(yield* next), `event: monitor\ndata: {"ids":["${id}"]}`)
      yield* events.publish({ _tag: "Changed", userId, monitorIds: [], incidentIds: [] })
      yield* events.publish({ _tag: "Results", keys: [keyAt(3_000)] })
      assert.include(Option.getOrThrow(yield* next), '"scheduledAt":"1970-01-01T00:00:03.000Z"')
    }),
  )

  it.scoped("end for a reader that does not keep up, after a word to read everything anew", () =>
    Effect.gen(function* () {
      const { events, live } = yield* world({})
      const next = yield* reading(live)
      for (let i = 0; i < maxUnread + 10; i++) {
        yield* events.publish({ _tag: "Changed", userId, monitorIds: [id], incidentIds: [] })
        yield* Effect.yieldNow()
      }
      const frames: Array<string> = []
      for (let frame = yield* next; Option.isSome(frame); frame = yield* next) frames.push(frame.value)
      assert.isBelow(frames.length, maxUnread)
      assert.include(frames.at(-1) ?? "", "event: reset")
    }),
  )

  it.scoped("go on when the database does not answer", () =>
    Effect.gen(function* () {
      let isAway = true
      const { events, live } = yield* world({
        owned: (_, keys) =>
          isAway
            ? new StoreError({ reason: "unavailable", operation: "LiveResults.owned", cause: "away" })
            : Effect.succeed(keys.map(([, , slot]) => ({ userId, result: resultAt(slot) }))),
      })
      const next = yield* reading(live)
      yield* events.publish({ _tag: "Results", keys: [keyAt(1_000)] })
      yield* events.publish({ _tag: "Changed", userId, monitorIds: [id], incidentIds: [] })
      assert.include(Option.getOrThrow(yield* next), "event: monitor")
      isAway = false
      yield* events.publish({ _tag: "Results", keys: [keyAt(2_000)] })
      assert.include(Option.getOrThrow(yield* next), "event: result")
    }),
  )
})
