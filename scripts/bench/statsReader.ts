import { Clock, Config, Console, Context, Effect, Layer, Schema } from "effect"
import { MonitorId, UserId } from "../../packages/domain/src/Ids.ts"
import * as PostgresSql from "../../packages/persistence/src/PostgresSql.ts"
import { Results } from "../../packages/persistence/src/Results.ts"

/**
 * Reads the statistics of ninety days again and again, one monitor after the other, as the api does but without HTTP, in a
 * process of its own. `URL` names the database, `MONITORS` (ids, with commas) and `USER_ID` whose statistics, `WARM_UP` how many
 * calls come before `CALLS` that are measured. Prints how long each of these took, in milliseconds, as a JSON array.
 */
const main = Effect.gen(function* () {
  const { calls, monitors, url, userId, warmUp } = yield* Config.all({
    calls: Config.integer("CALLS"),
    warmUp: Config.integer("WARM_UP"),
    monitors: Schema.Config("MONITORS", Schema.compose(Schema.split(","), Schema.NonEmptyArray(MonitorId))),
    userId: Schema.Config("USER_ID", UserId),
    url: Config.redacted("URL"),
  })
  const database = PostgresSql.layer({ url, applicationName: "bench", maxConnections: 4 })
  const results = Context.get(yield* Layer.build(Layer.provide(Results.layer, database)), Results)
  const times: Array<number> = []
  for (let n = -warmUp; n < calls; n++) {
    const id = monitors[(n + warmUp) % monitors.length] ?? monitors[0]
    const began = yield* Clock.currentTimeNanos
    yield* results.stats(userId, id, "90d")
    if (n >= 0) times.push(Number((yield* Clock.currentTimeNanos) - began) / 1e6)
  }
  yield* Console.log(JSON.stringify(times))
})

await Effect.runPromise(main.pipe(Effect.withTracerEnabled(false), Effect.scoped))
