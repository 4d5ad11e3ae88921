import { Effect, Layer } from "effect"
import * as Shipped from "../../../packages/prober/src/NodeProber.ts"
import { Prober } from "../../../packages/prober/src/Prober.ts"
import { observer } from "./Observer.ts"

/**
 * What the worker gets in place of `@uptime/prober/NodeProber`: the same prober. It kills the process at `mid-check`, a tenth of
 * a second into a check: a target that answers `/slow/…` is being asked then.
 */
export const layer = (...options: Parameters<typeof Shipped.layer>) =>
  Layer.effect(
    Prober,
    Effect.gen(function* () {
      const prober = yield* Prober
      const { reach } = yield* observer
      return Prober.of({
        ...prober,
        probe: (spec) =>
          Effect.raceFirst(
            prober.probe(spec),
            Effect.zipRight(Effect.delay(reach("mid-check"), "100 millis"), Effect.never),
          ),
      })
    }),
  ).pipe(Layer.provide(Shipped.layer(...options)))
