import { Effect, Layer } from "effect"
import { EventLoopMonitor } from "../../../packages/prober/src/EventLoopMonitor.ts"
import { nameServers } from "../../../packages/prober/src/NameServers.ts"
import * as Shipped from "../../../packages/prober/src/NodeProber.ts"
import { Prober } from "../../../packages/prober/src/Prober.ts"
import { Resolver } from "../../../packages/prober/src/Resolver.ts"
import { observer } from "./Observer.ts"
import { poison, standStill, workerFaults } from "./workerFaults.ts"

/**
 * What the worker gets in place of `@uptime/prober/NodeProber`: the same prober. It kills the process at `mid-check`, a tenth of
 * a second into a check: a target that answers `/slow/…` is being asked then. What else is wrong with it, `workerFaults` says.
 */
export const layer = (...options: Parameters<typeof Shipped.layer>) =>
  Layer.effect(
    Prober,
    Effect.gen(function* () {
      const prober = yield* Prober
      const { reach } = yield* observer
      yield* standStill
      return Prober.of({
        ...prober,
        probe: (spec) =>
          Effect.raceFirst(
            Effect.zipRight(poison(spec), prober.probe(spec)),
            Effect.zipRight(Effect.delay(reach("mid-check"), "100 millis"), Effect.never),
          ),
      })
    }),
  ).pipe(Layer.provide(prober(...options)))

/** The prober as it is shipped, or with one name server and no other way to an address. */
const prober = (...options: Parameters<typeof Shipped.layer>) =>
  Layer.unwrapEffect(
    Effect.map(workerFaults, ({ nameServer }) =>
      nameServer === null
        ? Shipped.layer(...options)
        : Shipped.layerNoDeps(...options).pipe(
            Layer.provide([
              Layer.succeed(Resolver, Resolver.of(nameServers({ servers: [nameServer], queryTimeoutMs: 1_000 }))),
              EventLoopMonitor.layer,
            ]),
          ),
    ),
  )
