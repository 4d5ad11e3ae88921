import { assert, describe, it } from "@effect/vitest"
import { defaultRegions } from "@uptime/domain/Region"
import { eventually } from "@uptime/testing/Eventually"
import { Clock, Effect, Option, Random, Ref } from "effect"
import { type Account, faultWorld } from "./FaultWorld.ts"

/** One line per run for the log: what a person wants to know first. */
const report = (name: string, account: Account, more: Readonly<Record<string, number>> = {}) =>
  Effect.log(name).pipe(
    Effect.annotateLogs({
      ...account,
      lost: account.scheduled - account.rows,
      executedTwice: account.hits - account.up,
      ...more,
    }),
  )

/** Every slot is exactly one row per region (the key forbids a second), and nothing is left on the stream. */
const assertAccounted = (account: Account) => {
  assert.strictEqual(account.rows, account.scheduled)
  assert.strictEqual(account.pending, 0)
  assert.strictEqual(account.lag, 0)
  assert.strictEqual(account.dead, 0)
}

describe.sequential("faults", () => {
  it.live(
    "workers killed at random, and right between commit and acknowledge: every slot is one row per region",
    () =>
      Effect.gen(function* () {
        const world = yield* faultWorld(2_000)
        const kills = yield* Ref.make(0)
        const ownDeaths = yield* Ref.make(0)
        const wanted = 30

        /** Keeps one worker of a region running: kills it at a random instant of its work while kills are wanted. */
        const keep = (region: string) =>
          Effect.forever(
            Effect.gen(function* () {
              const mayDie = (yield* Ref.get(kills)) < wanted
              const app = yield* world.worker(region, mayDie ? 0.08 : 0)
              yield* app.awaitOutput("worker has started")
              const patience = yield* Random.nextIntBetween(500, 2_500)
              const end = mayDie
                ? Effect.raceFirst(Effect.as(app.ended, "own"), Effect.as(Effect.sleep(patience), "ours"))
                : Effect.as(app.ended, "own")
              if ((yield* end) === "own") yield* Ref.update(ownDeaths, (n) => n + 1)
              yield* app.kill()
              yield* app.ended
              yield* Ref.update(kills, (n) => n + 1)
            }).pipe(Effect.scoped),
          )
        yield* Effect.forEach([...defaultRegions, ...defaultRegions], (region) => Effect.forkScoped(keep(region)))
        yield* world.load(10, 800)
        yield* eventually(Ref.get(kills), (n) => n >= wanted, "120 seconds")
        const account = yield* world.quiet("120 seconds")
        yield* report("kill", account, {
          kills: yield* Ref.get(kills),
          betweenCommitAndAcknowledge: yield* Ref.get(ownDeaths),
        })
        assert.isAtLeast(yield* Ref.get(kills), wanted)
        assert.isAtLeast(yield* Ref.get(ownDeaths), 1)
        assert.isAbove(account.hits, account.rows, "the kills hit workers at work, whose jobs were run again")
        assert.strictEqual(account.scheduled, 40_000)
        assertAccounted(account)
      }).pipe(Effect.scoped),
    240_000,
  )

  it.live(
    "PostgreSQL stopped for 60 s under load: every slot is one row per region, and no target is probed twice for it",
    () =>
      Effect.gen(function* () {
        const world = yield* faultWorld(500)
        yield* Effect.forEach(defaultRegions, (region) => world.worker(region))
        const loading = yield* Effect.forkScoped(world.load(12, 100))
        yield* Effect.sleep("5 seconds")
        yield* world.postgres.stop
        const before = yield* world.farm.totalHits
        yield* Effect.sleep("60 seconds")
        const during = (yield* world.farm.totalHits) - before
        yield* world.postgres.start
        const back = yield* Clock.currentTimeMillis
        yield* loading.await
        const account = yield* world.quiet("60 seconds")
        const drained = (yield* Clock.currentTimeMillis) - back
        yield* report("stop", account, { hitsWhileAway: during, drainedMs: drained })
        assertAccounted(account)
        assert.strictEqual(account.scheduled, 12_000)
        assert.strictEqual(account.unknown, 0)
        assert.strictEqual(account.hits, account.rows, "a target was asked once per row")
      }).pipe(Effect.scoped),
    180_000,
  )

  it.live(
    "Redis emptied under load: what is scheduled next runs within 5 s",
    () =>
      Effect.gen(function* () {
        const world = yield* faultWorld(400)
        yield* Effect.forEach(defaultRegions, (region) => world.worker(region))
        const loading = yield* Effect.forkScoped(world.load(5, 400))
        yield* Effect.sleep("2 seconds")
        yield* world.flush
        yield* loading.await
        yield* world.flush
        const slot = yield* Clock.currentTimeMillis
        yield* world.publish(0, 400, slot)
        const began = yield* Clock.currentTimeMillis
        yield* eventually(world.rowsOfSlot(slot), (rows) => rows === 800, "5 seconds")
        const took = (yield* Clock.currentTimeMillis) - began
        const account = yield* world.quiet("60 seconds")
        yield* report("flush", account, { nextSlotStoredMs: took })
        assert.strictEqual(account.pending, 0)
        assert.strictEqual(account.dead, 0)
      }).pipe(Effect.scoped),
    90_000,
  )

  it.live(
    "SIGTERM under load: the worker is gone within 15 s, and leaves nothing pending of what it had read",
    () =>
      Effect.gen(function* () {
        const world = yield* faultWorld(1_000)
        const usa = yield* world.worker("USA")
        yield* Effect.forkScoped(world.load(3, 500))
        yield* Effect.sleep("3 seconds")
        yield* usa.kill("SIGTERM")
        const code = yield* usa.ended.pipe(Effect.timeout("15 seconds"))
        const [group] = yield* world.stream.groups(defaultRegions)
        assert.deepStrictEqual(code, Option.some(0))
        assert.strictEqual(group?.pending, 0)
      }).pipe(Effect.scoped),
    60_000,
  )
})
