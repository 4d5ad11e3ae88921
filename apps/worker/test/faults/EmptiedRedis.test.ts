import { assert, it } from "@effect/vitest"
import { defaultRegions } from "@uptime/domain/Region"
import { eventually } from "@uptime/testing/Eventually"
import { Clock, Effect } from "effect"
import { report } from "./Account.ts"
import { faultWorld } from "./FaultWorld.ts"

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
