import { assert, describe, layer } from "@effect/vitest"
import type { IncidentId, MonitorId, UserId } from "@uptime/domain/Ids"
import { Effect, Layer } from "effect"
import { Incidents } from "../src/Incidents.ts"
import { Judgements } from "../src/Judgements.ts"
import { Monitors } from "../src/Monitors.ts"
import { Outbox } from "../src/Outbox.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { backends } from "./Backends.ts"
import { databaseNow, makeMonitor, makeUser, result, services } from "./Fixtures.ts"
import { arrange, incidentsOf, judgeAll, letTimePass, makeChannel } from "./IncidentFixtures.ts"

const minute = 60_000

const tagOf = <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), ({ _tag }) => _tag)

/** A new owner with a channel, a monitor that went down, and its incident, which was told. */
const makeOutage = (given: { readonly reminderMinutes?: number } = {}) =>
  Effect.gen(function* () {
    const user = yield* makeUser
    const channel = yield* makeChannel(user.id)
    const monitor = yield* makeMonitor(user.id, { name: "web" })
    yield* arrange([monitor.id], given)
    const store = yield* ResultStore
    const base = (yield* databaseNow) - 30 * minute
    yield* store.insert([result(monitor.id, base)])
    yield* store.insert([result(monitor.id, base + minute, "Down")])
    yield* judgeAll
    yield* letTimePass(user.id, 5_000)
    yield* judgeAll
    const [incident] = yield* incidentsOf(user.id)
    if (incident === undefined) return yield* Effect.dieMessage("no incident")
    return { user, channel, monitor, base, id: incident.id }
  })

const toldTo = (userId: UserId) => Effect.map(incidentsOf(userId), ([first]) => first?.told)

/** What the message says of how an incident is over, which is sent after those before it. */
const endingOf = (id: IncidentId) =>
  Effect.gen(function* () {
    const outbox = yield* Outbox
    for (let i = 0; i < 10; i++) {
      for (const { change, id: message, incident, incidentId } of yield* outbox.lease(16)) {
        yield* outbox.sent(message)
        const { resolution, resolvedBy } = incident
        if (incidentId === id && change === "resolved") return { resolvedBy, resolution }
      }
    }
    return null
  })

const comeBack = (id: MonitorId, slot: number) =>
  Effect.flatMap(ResultStore, (store) => store.insert([result(id, slot)]))

for (const [name, database] of backends) {
  const all = Layer.mergeAll(Judgements.layer, Incidents.layer, Outbox.layer).pipe(
    Layer.provideMerge(services(database)),
  )
  describe.sequential(name, () => {
    layer(all, { excludeTestServices: true, timeout: "60 seconds" })("incidents", (it) => {
      it.effect("are shown with what was seen, what was done and what was told", () =>
        Effect.gen(function* () {
          const incidents = yield* Incidents
          const { base, channel, id, monitor, user } = yield* makeOutage()
          const detail = yield* incidents.get(user.id, id)
          assert.strictEqual(detail.title, "web is down")
          assert.strictEqual(detail.startedAt.epochMillis, base + minute)
          assert.isAtLeast(detail.noticedAt.epochMillis, base + minute)
          const [part] = detail.monitors
          assert.strictEqual(part?.monitorId, monitor.id)
          assert.strictEqual(part?.seen?.error?.message, "no answer")
          assert.strictEqual(part?.seen?.slot.epochMillis, base + minute)
          assert.deepStrictEqual(
            detail.updates.map(({ author, body, kind }) => ({ author, body, kind })),
            [{ author: null, body: "web is down: no answer (USA)", kind: "opened" }],
          )
          assert.deepStrictEqual(
            detail.deliveries.map(({ change, channelId, state }) => ({ change, channelId, state })),
            [{ change: "opened", channelId: channel, state: "pending" }],
          )
        }),
      )

      it.effect("are listed by what they are, the one that began last first, and are their owner's", () =>
        Effect.gen(function* () {
          const incidents = yield* Incidents
          const { base, id, monitor, user } = yield* makeOutage()
          yield* comeBack(monitor.id, base + 2 * minute)
          yield* judgeAll
          const store = yield* ResultStore
          yield* store.insert([result(monitor.id, base + 20 * minute, "Down")])
          yield* judgeAll
          const both = yield* incidents.list(user.id, {}, 10, null)
          assert.deepStrictEqual(
            both.map(({ resolvedAt, startedAt }) => [resolvedAt === null, startedAt.epochMillis - base]),
            [
              [true, 20 * minute],
              [false, minute],
            ],
          )
          const [newest] = both
          const idsOf = (found: ReadonlyArray<{ readonly id: IncidentId }>): ReadonlyArray<string | undefined> =>
            found.map((incident) => incident.id)
          const list = (filter: Parameters<typeof incidents.list>[1]) =>
            Effect.map(incidents.list(user.id, filter, 10, null), idsOf)
          assert.deepStrictEqual(yield* list({ open: true }), [newest?.id])
          assert.deepStrictEqual(yield* list({ open: false }), [id])
          assert.deepStrictEqual(yield* list({ monitorId: monitor.id, to: base + 20 * minute }), [id])
          assert.deepStrictEqual(yield* list({ from: base + 20 * minute }), [newest?.id])
          assert.deepStrictEqual(yield* list({ severity: "Degraded" }), [])
          assert.deepStrictEqual(
            both.map(({ monitorNames }) => monitorNames),
            [["web"], ["web"]],
          )
          yield* incidents.edit(user.id, id, { title: "100 % lost_here" })
          assert.deepStrictEqual(yield* list({ text: "WEB" }), [newest?.id, id])
          assert.deepStrictEqual(yield* list({ text: "0 % LOST_" }), [id])
          for (const text of ["%", "_"]) assert.deepStrictEqual(yield* list({ text }), [id])
          assert.deepStrictEqual(yield* list({ text: "nothing of it" }), [])
          const after = { startedAt: newest?.startedAt.epochMillis ?? 0, id: newest?.id ?? id }
          assert.deepStrictEqual(idsOf(yield* incidents.list(user.id, {}, 10, after)), [id])

          const other = yield* makeUser
          assert.deepStrictEqual(yield* incidents.list(other.id, {}, 10, null), [])
          const calls = [
            incidents.get(other.id, id),
            incidents.edit(other.id, id, { title: "x" }),
            incidents.acknowledge(other.id, id, "x"),
            incidents.comment(other.id, id, "x", "x", true),
            incidents.resolve(other.id, id, "x", null),
            incidents.postmortem(other.id, id, "x", "x"),
          ]
          for (const call of calls) assert.strictEqual(yield* tagOf(call), "IncidentNotFound")
        }),
      )

      it.effect("are reminded of until somebody acknowledges them", () =>
        Effect.gen(function* () {
          const incidents = yield* Incidents
          const outbox = yield* Outbox
          const { id, user } = yield* makeOutage({ reminderMinutes: 10 })
          for (const { id: message } of yield* outbox.lease(16)) yield* outbox.sent(message)
          yield* letTimePass(user.id, 10 * minute)
          yield* judgeAll
          assert.deepStrictEqual(yield* toldTo(user.id), ["opened", "reminder:1"])
          for (const { id: message } of yield* outbox.lease(16)) yield* outbox.sent(message)
          const [acknowledged, same] = yield* Effect.all(
            ["Ann", "Bob"].map((author) => incidents.acknowledge(user.id, id, author)),
            { concurrency: "unbounded" },
          )
          assert.include(["Ann", "Bob"], acknowledged?.acknowledgedBy)
          assert.strictEqual(same?.acknowledgedBy, acknowledged?.acknowledgedBy)
          yield* Effect.all([judgeAll, judgeAll], { concurrency: "unbounded" })
          const leased = yield* outbox.lease(16)
          assert.deepStrictEqual(
            leased.map(({ change, incident }) => [change, incident.acknowledgedBy]),
            [["acknowledged", acknowledged?.acknowledgedBy]],
          )
          for (const { id: message } of leased) yield* outbox.sent(message)
          yield* letTimePass(user.id, 60 * minute)
          yield* judgeAll
          assert.deepStrictEqual(yield* toldTo(user.id), ["opened", "reminder:1", "acknowledged"])
        }),
      )

      it.effect("call for nobody once they are acknowledged, though a call was due and could not be sent", () =>
        Effect.gen(function* () {
          const incidents = yield* Incidents
          const outbox = yield* Outbox
          const { id, user } = yield* makeOutage({ reminderMinutes: 10 })
          const own = Effect.map(outbox.lease(16), (all) => all.filter(({ incidentId }) => incidentId === id))
          for (const { id: message } of yield* own) yield* outbox.sent(message)
          yield* letTimePass(user.id, 10 * minute)
          yield* judgeAll
          const [reminder] = yield* own
          // A dispatcher is at it when somebody acknowledges, and then it fails.
          yield* incidents.acknowledge(user.id, id, "Ann")
          yield* judgeAll
          assert.deepStrictEqual(yield* toldTo(user.id), ["opened", "reminder:1", "acknowledged"])
          yield* outbox.failed(reminder?.id ?? 0, "no answer", 600_000)
          yield* letTimePass(user.id, minute)
          yield* judgeAll
          assert.deepStrictEqual(yield* toldTo(user.id), ["opened", "acknowledged"])

          const failed = yield* makeOutage({ reminderMinutes: 10 })
          const failing = Effect.map(outbox.lease(16), (all) =>
            all.filter(({ incidentId }) => incidentId === failed.id),
          )
          for (const { id: message } of yield* failing) yield* outbox.sent(message)
          yield* letTimePass(failed.user.id, 10 * minute)
          yield* judgeAll
          for (const { id: message } of yield* failing) yield* outbox.failed(message, "no answer", 0)
          yield* incidents.acknowledge(failed.user.id, failed.id, "Ann")
          yield* judgeAll
          assert.deepStrictEqual(yield* toldTo(failed.user.id), ["opened", "acknowledged"])
        }),
      )

      it.effect("are over when somebody says so, and told to be, once; the same failure opens no other", () =>
        Effect.gen(function* () {
          const incidents = yield* Incidents
          const { base, id, monitor, user } = yield* makeOutage()
          const resolved = yield* incidents.resolve(user.id, id, "Ann", "we moved it")
          assert.strictEqual(resolved.resolvedBy, "Ann")
          yield* judgeAll
          assert.deepStrictEqual(yield* toldTo(user.id), ["opened", "resolved"])
          assert.deepStrictEqual(yield* endingOf(id), { resolvedBy: "Ann", resolution: "we moved it" })
          const detail = yield* incidents.get(user.id, id)
          assert.isTrue(detail.monitors.every(({ endedAt }) => endedAt !== null))
          assert.deepStrictEqual(
            detail.updates.map(({ author, body, kind }) => ({ author, body, kind })),
            [
              { author: "Ann", body: "we moved it", kind: "resolved" },
              { author: null, body: "web is down: no answer (USA)", kind: "opened" },
            ],
          )
          assert.strictEqual(yield* tagOf(incidents.resolve(user.id, id, "Ann", null)), "IncidentIsOver")
          assert.strictEqual(yield* tagOf(incidents.acknowledge(user.id, id, "Ann")), "IncidentIsOver")
          yield* comeBack(monitor.id, base + 5 * minute)
          yield* judgeAll
          assert.strictEqual((yield* incidentsOf(user.id)).length, 1)
        }),
      )

      it.effect("keep the title they were given, and tell what is written for everybody", () =>
        Effect.gen(function* () {
          const incidents = yield* Incidents
          const { base, channel, id, monitor, user } = yield* makeOutage()
          yield* incidents.edit(user.id, id, { title: "The shop is away", isPublic: true })
          yield* incidents.comment(user.id, id, "Ann", "only for us", false)
          const detail = yield* incidents.comment(user.id, id, "Ann", "We are at it.\nMore soon.", true)
          const [update] = detail.updates
          assert.deepInclude(update ?? {}, { kind: "update", isPublic: true })
          assert.deepStrictEqual(
            detail.deliveries.map(({ change, channelId }) => ({ change, channelId })),
            [
              { change: `note:${update?.id}`, channelId: channel },
              { change: "opened", channelId: channel },
            ],
          )
          const outbox = yield* Outbox
          const own = Effect.map(outbox.lease(16), (all) => all.filter(({ incidentId }) => incidentId === id))
          for (const { id: message } of yield* own) yield* outbox.sent(message)
          const noted = yield* own
          assert.deepStrictEqual(
            noted.map(({ note }) => note),
            ["We are at it.\nMore soon."],
          )
          for (const { id: message } of noted) yield* outbox.sent(message)
          yield* comeBack(monitor.id, base + 3 * minute)
          yield* judgeAll
          assert.deepStrictEqual(yield* endingOf(id), { resolvedBy: null, resolution: null })
          const over = yield* incidents.postmortem(user.id, id, "Ann", "It was the cable.")
          assert.deepInclude(over, { title: "The shop is away", isPublic: true, postmortem: "It was the cable." })
        }),
      )

      it.effect("are over when the last of their monitors is deleted", () =>
        Effect.gen(function* () {
          const monitors = yield* Monitors
          const { id, monitor, user } = yield* makeOutage()
          yield* monitors.remove(user.id, [monitor.id])
          yield* judgeAll
          const [incident] = yield* incidentsOf(user.id)
          assert.deepInclude(incident ?? {}, { isOver: true, told: ["opened", "resolved"] })
          assert.deepStrictEqual(yield* endingOf(id), { resolvedBy: null, resolution: "a monitor was deleted" })
        }),
      )
    })
  })
}
