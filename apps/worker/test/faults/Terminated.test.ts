import { assert, it } from "@effect/vitest"
import { defaultRegions } from "@uptime/domain/Region"
import { Effect, Option } from "effect"
import { faultWorld } from "./FaultWorld.ts"

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
