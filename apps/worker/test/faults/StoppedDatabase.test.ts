import { assert, it } from "@effect/vitest"
import { defaultRegions } from "@uptime/domain/Region"
import { Clock, Effect } from "effect"
import { assertAccounted, report } from "./Account.ts"
import { faultWorld } from "./FaultWorld.ts"

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
