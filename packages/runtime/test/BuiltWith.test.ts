import { assert, describe, it } from "@effect/vitest"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Context, Effect, Layer, Ref } from "effect"

class Asked extends Context.Tag("test/Asked")<Asked, string>() {}
class Shared extends Context.Tag("test/Shared")<Shared, string>() {}
class Other extends Context.Tag("test/Other")<Other, string>() {}
class Around extends Context.Tag("test/Around")<Around, Context.Context<never>>() {}

describe("builtWith", () => {
  it.effect("leaves out what a layer does not ask for, and is built and ended once with the layers around it", () =>
    Effect.gen(function* () {
      const events = yield* Ref.make<ReadonlyArray<string>>([])
      const say = (event: string) => Ref.update(events, (before) => [...before, event])
      const shared = Layer.scoped(
        Shared,
        Effect.as(
          Effect.acquireRelease(say("begun"), () => say("ended")),
          "shared",
        ),
      )
      const around = Layer.effect(Around, Effect.zipRight(Effect.all([Asked, Shared]), Effect.context<never>())).pipe(
        Layer.provide(shared),
        builtWith(Asked),
      )
      const seen = yield* Effect.all({ around: Around, shared: Shared }).pipe(
        Effect.tap(say("used")),
        Effect.provide(
          Layer.mergeAll(around, shared).pipe(
            Layer.provide([Layer.succeed(Asked, "asked"), Layer.succeed(Other, "other")]),
          ),
        ),
      )
      const keys = [...seen.around.unsafeMap.keys()].filter((key) => key.startsWith("test/"))
      assert.deepStrictEqual(keys.sort(), [Asked.key, Shared.key].sort())
      assert.strictEqual(seen.shared, "shared")
      assert.deepStrictEqual(yield* events, ["begun", "used", "ended"])
    }),
  )
})
