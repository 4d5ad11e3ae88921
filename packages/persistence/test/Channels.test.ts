import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import { ChannelId, EscalationId, type MonitorId, type UserId } from "@uptime/domain/Ids"
import { defaultAlertRules } from "@uptime/domain/MonitorDefaults"
import { Effect, Layer } from "effect"
import type { ChannelSettings } from "../src/Channel.ts"
import { Channels } from "../src/Channels.ts"
import { Escalations } from "../src/Escalations.ts"
import { Housekeeping } from "../src/Housekeeping.ts"
import { Incidents } from "../src/Incidents.ts"
import { Monitors } from "../src/Monitors.ts"
import { Outbox } from "../src/Outbox.ts"
import { backends } from "./Backends.ts"
import { makeMonitor, makeUser, services } from "./Fixtures.ts"

const settings = (name: string): ChannelSettings => ({
  name,
  config: { kind: "webhook" },
  enabled: true,
  isDefault: false,
  quietHours: null,
})

/** An incident of an owner, and a message of it to a channel in each state, named after it; `leased` is under way. */
const tellAll = (userId: UserId, channelId: ChannelId, states: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    yield* sql`
      WITH made AS (
        INSERT INTO incidents (id, user_id, key, title, severity, started_at, noticed_at, tell_at, updated_at)
        VALUES (gen_random_uuid(), ${userId}, 'k', 'it is down', 'Down', now(), now(), now(), now()) RETURNING id
      )
      INSERT INTO alert_outbox (incident_id, change, channel_id, at, due_at, next_attempt_at, state, leased_until)
      SELECT id, state, ${channelId}, now(), now(), now(), CASE state WHEN 'leased' THEN 'pending' ELSE state END,
        CASE state WHEN 'leased' THEN now() + interval '1 minute' END
      FROM made, unnest(${states}::text[]) WITH ORDINALITY AS wanted (state, ord) ORDER BY ord`
  })

const tagOf = <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), ({ _tag }) => _tag)

for (const [name, database] of backends) {
  const all = Layer.mergeAll(Channels.layer, Escalations.layer, Incidents.layer, Outbox.layer).pipe(
    Layer.provideMerge(services(database)),
  )
  describe.sequential(name, () => {
    layer(all, { excludeTestServices: true, timeout: "60 seconds" })("channels", (it) => {
      it.effect("are kept as they were given, changed by what they are, and listed newest first", () =>
        Effect.gen(function* () {
          const channels = yield* Channels
          const user = yield* makeUser
          const quietHours = { from: "22:00", to: "07:00", timeZone: "Europe/Berlin" }
          const first = yield* channels.create(user.id, { ...settings("first"), quietHours })
          assert.deepInclude(first, { ...settings("first"), quietHours })
          assert.deepStrictEqual(yield* channels.get(user.id, first.id), first)
          const second = yield* channels.create(user.id, settings("second"))
          const changed = yield* channels.update(user.id, first.id, (before) =>
            Effect.succeed({ ...before, name: "changed", quietHours: null, config: { kind: "slack" } }),
          )
          assert.deepInclude(changed, { name: "changed", quietHours: null, config: { kind: "slack" } })
          const listed = yield* channels.list(user.id, 1, null)
          assert.deepStrictEqual(
            listed.map(({ id }) => id),
            [second.id],
          )
          const rest = yield* channels.list(user.id, 10, { createdAt: second.createdAt.epochMillis, id: second.id })
          assert.deepStrictEqual(rest, [changed])
          assert.strictEqual(
            yield* Effect.flip(channels.update(user.id, first.id, () => Effect.fail("no" as const))),
            "no",
          )
          assert.deepStrictEqual(yield* channels.get(user.id, first.id), changed)
        }),
      )

      it.effect("are seen, changed and deleted by their owner alone", () =>
        Effect.gen(function* () {
          const channels = yield* Channels
          const [owner, other] = [yield* makeUser, yield* makeUser]
          const channel = yield* channels.create(owner.id, settings("mine"))
          assert.strictEqual(yield* tagOf(channels.get(other.id, channel.id)), "ChannelNotFound")
          assert.strictEqual(
            yield* tagOf(channels.update(other.id, channel.id, (before) => Effect.succeed(before))),
            "ChannelNotFound",
          )
          assert.strictEqual(yield* tagOf(channels.remove(other.id, channel.id)), "ChannelNotFound")
          assert.strictEqual(yield* tagOf(channels.deliveries(other.id, channel.id, 10, null)), "ChannelNotFound")
          assert.deepStrictEqual(yield* channels.list(other.id, 10, null), [])
          yield* channels.remove(owner.id, channel.id)
          assert.strictEqual(yield* tagOf(channels.get(owner.id, channel.id)), "ChannelNotFound")
        }),
      )

      it.effect("are at most a hundred per account, also when they are made at once", () =>
        Effect.gen(function* () {
          const channels = yield* Channels
          const sql = yield* SqlClient
          const user = yield* makeUser
          yield* sql`
            INSERT INTO channels (id, user_id, kind, name, config, enabled, is_default, created_at, updated_at)
            SELECT gen_random_uuid(), ${user.id}, 'webhook', 'n', '{}', true, false, now(), now() FROM generate_series(1, 99)`
          const outcomes = yield* Effect.all(
            [1, 2, 3].map(() => Effect.either(channels.create(user.id, settings("one more")))),
            { concurrency: "unbounded" },
          )
          assert.deepStrictEqual(outcomes.map(({ _tag }) => _tag).sort(), ["Left", "Left", "Right"])
        }),
      )
    })

    layer(all, { excludeTestServices: true, timeout: "60 seconds" })("a channel that is deleted", (it) => {
      it.effect("is gone with its secrets from all that named it, and what it was told still says its name", () =>
        Effect.gen(function* () {
          const channels = yield* Channels
          const escalations = yield* Escalations
          const monitors = yield* Monitors
          const sql = yield* SqlClient
          const user = yield* makeUser
          const secret = { kind: "webhook", url: "https://example.com/hidden" }
          const gone = yield* channels.create(user.id, { ...settings("Ops"), config: secret, isDefault: true })
          const kept = yield* channels.create(user.id, settings("Night"))
          const upper = ChannelId.make(gone.id.toUpperCase())
          const [both, only, defaults] = yield* Effect.all([
            makeMonitor(user.id, { alerts: { ...defaultAlertRules, channels: [upper, kept.id] } }),
            makeMonitor(user.id, { alerts: { ...defaultAlertRules, channels: [gone.id] } }),
            makeMonitor(user.id),
          ])
          const steps = [
            { afterMinutes: 5, channels: [gone.id] },
            { afterMinutes: 10, channels: [kept.id, gone.id] },
          ]
          const policy = yield* escalations.create(user.id, { name: "on call", steps })
          const empty = yield* escalations.create(user.id, { name: "nobody else", steps: steps.slice(0, 1) })
          yield* tellAll(user.id, gone.id, ["sent", "dead", "pending", "leased"])

          yield* channels.remove(user.id, gone.id)

          assert.strictEqual(yield* tagOf(channels.get(user.id, gone.id)), "ChannelNotFound")
          assert.strictEqual(yield* tagOf(channels.remove(user.id, gone.id)), "ChannelNotFound")
          assert.strictEqual(yield* tagOf(channels.deliveries(user.id, gone.id, 10, null)), "ChannelNotFound")
          assert.strictEqual(
            yield* tagOf(channels.update(user.id, gone.id, (before) => Effect.succeed(before))),
            "ChannelNotFound",
          )
          assert.deepStrictEqual(yield* channels.list(user.id, 10, null), [kept])
          const rows = yield* sql`SELECT to_jsonb(channels) AS row FROM channels WHERE id = ${gone.id}`
          assert.lengthOf(rows, 1)
          assert.notInclude(JSON.stringify(rows), "hidden")

          const rulesOf = (id: MonitorId) => Effect.map(monitors.get(user.id, id), ({ alerts }) => alerts.channels)
          assert.deepStrictEqual(yield* Effect.all([rulesOf(both.id), rulesOf(only.id), rulesOf(defaults.id)]), [
            [kept.id],
            [],
            null,
          ])
          assert.deepStrictEqual((yield* escalations.get(user.id, policy.id)).steps, [
            { afterMinutes: 10, channels: [kept.id] },
          ])
          assert.strictEqual(yield* tagOf(escalations.get(user.id, empty.id)), "EscalationNotFound")
          assert.strictEqual(
            yield* tagOf(escalations.create(user.id, { name: "x", steps: [{ afterMinutes: 1, channels: [gone.id] }] })),
            "ChannelNotFound",
          )

          const [incident] = yield* (yield* Incidents).list(user.id, {}, 1, null)
          assert.isDefined(incident)
          const { deliveries } = yield* (yield* Incidents).get(user.id, incident.id)
          assert.deepStrictEqual(
            deliveries.map(({ change, channelName, isChannelDeleted }) => [change, channelName, isChannelDeleted]),
            [
              ["leased", "Ops", true],
              ["dead", "Ops", true],
              ["sent", "Ops", true],
            ],
          )
          // The name may be used again, and the new one was told nothing.
          const again = yield* channels.create(user.id, settings("Ops"))
          assert.deepStrictEqual(yield* channels.deliveries(user.id, again.id, 10, null), [])
        }),
      )

      it.effect("is told nothing more, and is let go of with the last message that went to it", () =>
        Effect.gen(function* () {
          const channels = yield* Channels
          const outbox = yield* Outbox
          const housekeeping = yield* Housekeeping
          const sql = yield* SqlClient
          const user = yield* makeUser
          const [told, never] = [
            yield* channels.create(user.id, settings("told")),
            yield* channels.create(user.id, settings("never told")),
          ]
          yield* sql`DELETE FROM alert_outbox`
          yield* tellAll(user.id, told.id, ["pending"])
          const [message] = yield* outbox.lease(10)
          if (message === undefined) return assert.fail("nothing was leased")
          assert.strictEqual(message.channelId, told.id)
          yield* Effect.all([channels.remove(user.id, told.id), channels.remove(user.id, never.id)])
          const left = sql<{ readonly name: string }>`
            SELECT name FROM channels WHERE user_id = ${user.id} ORDER BY name`
          // What was under way may arrive; if it does not, there is nowhere to send it to any more.
          assert.deepStrictEqual(yield* left, [{ name: "told" }])
          assert.strictEqual(yield* outbox.failed(message.id, "no answer", 0), "pending")
          const [again] = yield* outbox.lease(10)
          assert.deepInclude(again ?? {}, { id: message.id, config: null })
          yield* outbox.failed(message.id, "deleted", null)

          const ages = { changeDays: 90, incidentDays: 730 }
          yield* housekeeping.forgetHistory(ages)
          assert.deepStrictEqual(yield* left, [{ name: "told" }])
          yield* sql`UPDATE incidents SET resolved_at = now() - interval '731 days' WHERE user_id = ${user.id}`
          yield* housekeeping.forgetHistory(ages)
          assert.deepStrictEqual(yield* left, [])
        }),
      )

      it.effect("is refused to monitors from then on, also where both happen at once", () =>
        Effect.gen(function* () {
          const channels = yield* Channels
          const monitors = yield* Monitors
          const user = yield* makeUser
          for (let i = 0; i < 5; i++) {
            const channel = yield* channels.create(user.id, settings(`${i}`))
            const alerts = { ...defaultAlertRules, channels: [channel.id] }
            const [made] = yield* Effect.all(
              [Effect.either(makeMonitor(user.id, { alerts })), channels.remove(user.id, channel.id)],
              { concurrency: "unbounded" },
            )
            if (made._tag === "Left") continue
            assert.deepStrictEqual((yield* monitors.get(user.id, made.right.id)).alerts.channels, [])
          }
        }),
      )
    })

    layer(all, { excludeTestServices: true, timeout: "60 seconds" })("escalation policies", (it) => {
      it.effect("have channels of their owner's alone, and are the owner's", () =>
        Effect.gen(function* () {
          const channels = yield* Channels
          const escalations = yield* Escalations
          const [owner, other] = [yield* makeUser, yield* makeUser]
          const mine = yield* channels.create(owner.id, settings("mine"))
          const foreign = yield* channels.create(other.id, settings("foreign"))
          const steps = [{ afterMinutes: 5, channels: [mine.id] }]
          const made = yield* escalations.create(owner.id, { name: "night", steps })
          assert.deepInclude(made, { name: "night", steps })
          assert.deepStrictEqual(yield* escalations.get(owner.id, made.id), made)
          assert.deepStrictEqual(yield* escalations.list(owner.id, 10, null), [made])
          const theirs = [{ afterMinutes: 5, channels: [foreign.id] }]
          assert.strictEqual(
            yield* tagOf(escalations.create(owner.id, { name: "x", steps: theirs })),
            "ChannelNotFound",
          )
          assert.strictEqual(yield* tagOf(escalations.update(owner.id, made.id, { steps: theirs })), "ChannelNotFound")
          const renamed = yield* escalations.update(owner.id, made.id, { name: "day" })
          assert.deepInclude(renamed, { name: "day", steps })
          const unknown = EscalationId.make("00000000-0000-4000-8000-000000000000")
          for (const id of [made.id, unknown]) {
            assert.strictEqual(yield* tagOf(escalations.get(other.id, id)), "EscalationNotFound")
            assert.strictEqual(yield* tagOf(escalations.update(other.id, id, { name: "x" })), "EscalationNotFound")
            assert.strictEqual(yield* tagOf(escalations.remove(other.id, id)), "EscalationNotFound")
          }
          yield* escalations.remove(owner.id, made.id)
          assert.deepStrictEqual(yield* escalations.list(owner.id, 10, null), [])
        }),
      )
    })
  })
}
