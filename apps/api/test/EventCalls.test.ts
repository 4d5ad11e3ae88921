import { assert, describe, it } from "@effect/vitest"
import { IncidentEvent, MonitorEvent, ResultEvent } from "@uptime/contract/EventsApi"
import { IncidentId, MonitorId } from "@uptime/domain/Ids"
import { Region } from "@uptime/domain/Region"
import { type NewResult, noPhases } from "@uptime/domain/Result"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { Draining, makeDraining } from "@uptime/runtime/Draining"
import { Events } from "@uptime/stream/Events"
import * as MemoryEvents from "@uptime/stream/MemoryEvents"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Clock, Context, Effect, Layer, Queue, Schema } from "effect"
import { EventRing, maxEvents, maxLength } from "../src/events/EventRing.ts"
import { maxStreamsPerUser } from "../src/events/LiveEvents.ts"
import { insertIncident } from "./Incidents.ts"
import { type Person, signUp } from "./Person.ts"
import { freshStores } from "./Stores.ts"
import { call, serveApi } from "./World.ts"

const usa = Region.make("USA")

interface Sent {
  readonly id: string
  readonly event: string
  readonly data: unknown
}

/** A stream of events as a browser reads it; comments and `retry` are events without a name. */
const listen = (
  base: string,
  { token }: Person,
  options: { readonly query?: string; readonly lastEventId?: string } = {},
) =>
  Effect.gen(function* () {
    const controller = yield* Effect.acquireRelease(
      Effect.sync(() => new AbortController()),
      (one) => Effect.sync(() => one.abort()),
    )
    const response = yield* Effect.promise(() =>
      fetch(`${base}/api/events${options.query ?? ""}`, {
        signal: controller.signal,
        headers: {
          authorization: `Bearer ${token}`,
          ...(options.lastEventId === undefined ? {} : { "last-event-id": options.lastEventId }),
        },
      }),
    )
    const sent = yield* Queue.unbounded<Sent | "end">()
    const read = async () => {
      let text = ""
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += chunk
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const fields = new Map(
            text
              .slice(0, end)
              .split("\n")
              .map((line) => {
                const [name = "", ...value] = line.split(": ")
                return [name, value.join(": ")] as const
              }),
          )
          text = text.slice(end + 2)
          const event = fields.get("event")
          if (event !== undefined) {
            sent.unsafeOffer({ id: fields.get("id") ?? "", event, data: JSON.parse(fields.get("data") ?? "null") })
          }
        }
      }
    }
    yield* Effect.forkScoped(
      Effect.promise(() =>
        read()
          .catch(() => undefined)
          .finally(() => sent.unsafeOffer("end")),
      ),
    )
    const next = Effect.timeoutFail(Queue.take(sent), {
      duration: "5 seconds",
      onTimeout: () => new Error("nothing was told"),
    })
    /** The next event, which must be of this kind. */
    const expect = (event: string) =>
      Effect.filterOrDie(
        next,
        (one): one is Sent => one !== "end" && one.event === event,
        (one) => new Error(`not ${event}: ${JSON.stringify(one)}`),
      )
    return { response, next, expect, sent }
  })

const world = Effect.gen(function* () {
  const context = yield* Layer.build(Layer.merge(yield* freshStores, MemoryEvents.layer))
  const layer = Layer.succeedContext(context)
  const draining = makeDraining()
  const base = yield* serveApi({ stores: layer, events: layer, stream: MemoryStream.layer() }).pipe(
    Effect.provideService(Draining, draining),
  )
  const person = yield* signUp(base)
  const create = (who: Person, url = "https://example.com/") =>
    Effect.map(call(base, "POST /api/monitor", { token: who.token, json: { url } }), ({ text }) =>
      MonitorId.make(JSON.parse(text).id),
    )
  const events = Context.get(context, Events)
  /** Stores results as a worker does, and tells of them. */
  const store = (monitorId: MonitorId, slot: number) =>
    Effect.gen(function* () {
      yield* Context.get(context, ResultStore).insert([found(monitorId, slot)])
      yield* events.publish({ _tag: "Results", keys: [[monitorId, usa, slot]] })
    })
  return { base, person, create, store, events, draining, layer, context }
})

const found = (monitorId: MonitorId, slot: number): NewResult => ({
  monitorId,
  region: usa,
  slot,
  checkedAt: slot + 100,
  outcome: {
    status: "Up",
    responseTimeMs: 12.5,
    phases: noPhases,
    httpStatus: 200,
    errorKind: null,
    errorMessage: null,
    certificateExpiresAt: null,
    attempts: 1,
    evidence: null,
  },
})

describe.concurrent("events", () => {
  it.scopedLive("tell of results, monitors and incidents while they happen, to their owner alone", () =>
    Effect.gen(function* () {
      const { base, create, events, layer, person, store } = yield* world
      const stranger = yield* signUp(base)
      const mine = yield* listen(base, person)
      const theirs = yield* listen(base, stranger)
      assert.strictEqual(mine.response.status, 200)
      const header = (name: string) => mine.response.headers.get(name)
      assert.strictEqual(header("content-type"), "text/event-stream")
      assert.strictEqual(header("cache-control"), "no-cache, no-transform")
      assert.strictEqual(header("x-accel-buffering"), "no")
      assert.isNull(header("content-encoding"))

      const id = yield* create(person)
      const created = yield* mine.expect("monitor")
      assert.deepStrictEqual(yield* Schema.decodeUnknown(MonitorEvent)(created.data), { ids: [id] })

      const slot = (yield* Clock.currentTimeMillis) - 1_000
      yield* store(id, slot)
      const { data } = yield* mine.expect("result")
      const { results } = yield* Schema.decodeUnknown(ResultEvent)(data)
      const listed = yield* call(base, `GET /api/results/${id}/latest`, { token: person.token })
      assert.deepStrictEqual(
        JSON.parse(listed.text).latest,
        yield* Schema.encode(ResultEvent.fields.results)(results).pipe(Effect.map(([first]) => first)),
      )

      const incident = yield* Effect.provide(insertIncident(person.id, "Mine"), layer)
      yield* call(base, `POST /api/incidents/${incident}/acknowledge`, { token: person.token, json: {} })
      const told = yield* mine.expect("incident")
      assert.deepStrictEqual(yield* Schema.decodeUnknown(IncidentEvent)(told.data), { id: IncidentId.make(incident) })

      yield* call(base, `PUT /api/monitor/${id}`, { token: person.token, json: { name: "Other" } })
      assert.deepStrictEqual((yield* mine.expect("monitor")).data, { ids: [id] })
      yield* call(base, `DELETE /api/monitor/${id}`, { token: person.token })
      assert.deepStrictEqual((yield* mine.expect("monitor")).data, { ids: [id] })

      // The only thing that the stranger hears is what is theirs.
      const other = yield* create(stranger)
      assert.deepStrictEqual((yield* theirs.expect("monitor")).data, { ids: [other] })
      yield* events.publish({ _tag: "Changed", userId: stranger.id, monitorIds: [other], incidentIds: [] })
      assert.deepStrictEqual((yield* theirs.expect("monitor")).data, { ids: [other] })
      assert.strictEqual(yield* Queue.size(mine.sent), 0)
    }),
  )

  it.scopedLive("go on after the last one that was read, and say where that cannot be", () =>
    Effect.gen(function* () {
      const { base, create, person } = yield* world
      const first = yield* Effect.scoped(
        Effect.gen(function* () {
          const stream = yield* listen(base, person)
          yield* create(person, "https://example.com/1")
          return yield* stream.expect("monitor")
        }),
      )
      const ids = [yield* create(person, "https://example.com/2"), yield* create(person, "https://example.com/3")]
      for (const options of [{ lastEventId: first.id }, { query: `?lastEventId=${first.id}` }]) {
        const back = yield* listen(base, person, options)
        assert.deepStrictEqual((yield* back.expect("monitor")).data, { ids: [ids[0]] })
        const last = yield* back.expect("monitor")
        assert.deepStrictEqual(last.data, { ids: [ids[1]] })
        const again = yield* listen(base, person, { lastEventId: last.id })
        assert.strictEqual(yield* Queue.size(again.sent), 0)
      }
      for (const lastEventId of ["00000000-1", `${first.id}999`, "nonsense", ""]) {
        const lost = yield* listen(base, person, { lastEventId })
        yield* lost.expect("reset")
      }
    }),
  )

  it.scopedLive("say that something may be missing when something may be", () =>
    Effect.gen(function* () {
      const heard = yield* Queue.unbounded<{ readonly _tag: "Gap" }>()
      const base = yield* serveApi({
        stores: yield* freshStores,
        stream: MemoryStream.layer(),
        events: Layer.mock(Events, { subscribe: Effect.succeed(heard) }),
      })
      const stream = yield* listen(base, yield* signUp(base))
      yield* Queue.offer(heard, { _tag: "Gap" })
      yield* stream.expect("reset")
    }),
  )

  it.scopedLive("end when the process is asked to stop", () =>
    Effect.gen(function* () {
      const { base, draining, person } = yield* world
      const stream = yield* listen(base, person)
      yield* draining.begin
      assert.strictEqual(yield* stream.next, "end")
    }),
  )

  it.scopedLive(
    "end when the session does, at the next sign of life",
    () =>
      Effect.gen(function* () {
        const { base, person } = yield* world
        const stream = yield* listen(base, person)
        yield* call(base, "POST /api/auth/logout", { token: person.token, json: {} })
        assert.strictEqual(yield* Queue.take(stream.sent), "end")
      }),
    40_000,
  )

  it.scopedLive("are for so many streams of one person, and no more", () =>
    Effect.gen(function* () {
      const { base, person } = yield* world
      for (let i = 0; i < maxStreamsPerUser; i++) {
        assert.strictEqual((yield* listen(base, person)).response.status, 200)
      }
      assert.strictEqual((yield* listen(base, person)).response.status, 429)
      assert.strictEqual((yield* listen(base, yield* signUp(base))).response.status, 200)
    }),
  )

  it("are kept for whoever comes back, within bounds", () => {
    const ring = new EventRing()
    for (let i = 0; i < maxEvents + 10; i++) ring.add((n) => `event ${n}`)
    assert.lengthOf(ring.after(10) ?? [], maxEvents)
    assert.strictEqual(ring.after(10)?.[0]?.frame, "event 11")
    assert.isNull(ring.after(9))
    assert.deepStrictEqual(ring.after(maxEvents + 10), [])
    assert.isNull(ring.after(maxEvents + 11))
    ring.add(() => "x".repeat(maxLength))
    assert.lengthOf(ring.after(maxEvents + 10) ?? [], 1)
    ring.add(() => "x")
    assert.isNull(ring.after(maxEvents + 10))
    assert.lengthOf(ring.after(maxEvents + 11) ?? [], 1)
  })
})
