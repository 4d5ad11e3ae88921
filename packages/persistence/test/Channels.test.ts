import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import { EscalationId } from "@uptime/domain/Ids"
import { Effect, Layer } from "effect"
import type { ChannelSettings } from "../src/Channel.ts"
import { Channels } from "../src/Channels.ts"
import { Escalations } from "../src/Escalations.ts"
import { backends } from "./Backends.ts"
import { makeUser, services } from "./Fixtures.ts"

const settings = (name: string): ChannelSettings => ({
  name,
  config: { kind: "webhook" },
  enabled: true,
  isDefault: false,
  quietHours: null,
})

const tagOf = <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), ({ _tag }) => _tag)

for (const [name, database] of backends) {
  const all = Layer.mergeAll(Channels.layer, Escalations.layer).pipe(Layer.provideMerge(services(database)))
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
