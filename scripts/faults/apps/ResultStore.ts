import { Effect, Layer } from "effect"
import { ResultStore as Shipped } from "../../../packages/persistence/src/ResultStore.ts"
import { jobKey, rowKey } from "../../../packages/testing/src/faults/JobKey.ts"
import { observer } from "./Observer.ts"

/**
 * What the worker gets in place of `@uptime/persistence/ResultStore`: the same store, which writes down what is committed. It
 * kills the process at `before-insert`.
 */
export const ResultStore = {
  layer: Layer.effect(
    Shipped,
    Effect.gen(function* () {
      const store = yield* Shipped
      const { reach, write } = yield* observer
      return Shipped.of({
        insert: (results) =>
          reach("before-insert").pipe(
            Effect.zipRight(store.insert(results)),
            Effect.tap(() =>
              write(
                "stored",
                results.map(({ monitorId, region, slot }) => rowKey(jobKey(monitorId, slot), region)),
              ),
            ),
          ),
      })
    }),
  ).pipe(Layer.provide(Shipped.layer)),
}
