import { assert, it } from "@effect/vitest"
import { defaultRegions } from "@uptime/domain/Region"
import { eventually } from "@uptime/testing/Eventually"
import { Effect, Option, Random, Ref } from "effect"
import { assertAccounted, report } from "./Account.ts"
import { faultWorld } from "./FaultWorld.ts"

it.live(
  "workers killed at random, and right between commit and acknowledge: every slot is one row per region",
  () =>
    Effect.gen(function* () {
      const world = yield* faultWorld(2_000)
      const kills = yield* Ref.make(0)
      const ownDeaths = yield* Ref.make(0)
      const lives = yield* Ref.make(0)
      const wanted = 30

      /**
       * Keeps one worker of a region running. While deaths are wanted it kills it at a random instant of its work; every
       * sixth kills itself when it is about to acknowledge.
       */
      const keep = (region: string) =>
        Effect.forever(
          Effect.gen(function* () {
            const life = yield* Ref.getAndUpdate(lives, (n) => n + 1)
            const wantedNow = (yield* Ref.get(kills)) < wanted
            const byItself = wantedNow && life % 6 === 5
            const app = yield* world.worker(region, byItself ? 1 : 0)
            yield* app.awaitOutput("worker has started")
            if (byItself) {
              if (Option.isSome(yield* Effect.timeoutOption(app.ended, "20 seconds"))) {
                yield* Ref.update(ownDeaths, (n) => n + 1)
              }
            } else {
              yield* wantedNow ? Effect.sleep(yield* Random.nextIntBetween(500, 2_500)) : app.ended
            }
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
