import { Heartbeats } from "@uptime/persistence/Heartbeats"
import { supervised } from "@uptime/runtime/Supervised"
import { Effect, Metric } from "effect"
import { ifWaiting } from "./IfWaiting.ts"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** How often heartbeats are looked at: how late one that does not come is noticed. */
const tick = "1 second"

/** A database that comes back is used again this soon. */
const maxBackoff = "2 seconds"

/** The most goes of one round. */
const maxGoes = 100

/** The fiber that works out when heartbeats are expected, and notices those that do not come. */
export const heartbeatChore = Effect.gen(function* () {
  const { missed, plan } = yield* Heartbeats
  const found = Metric.tagged(ProducerMetrics.choreUnits, "chore", "heartbeats")

  const look = Effect.gen(function* () {
    for (let go = 0; go < maxGoes; go++) {
      const planned = yield* plan
      const overdue = yield* missed
      if (overdue > 0) yield* Metric.incrementBy(found, overdue)
      if (planned + overdue === 0) return
    }
  })

  yield* supervised("heartbeats", ifWaiting("heartbeats")(look), { every: tick, maxBackoff })
})
