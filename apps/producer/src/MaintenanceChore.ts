import { Maintenances } from "@uptime/persistence/Maintenances"
import { supervised } from "@uptime/runtime/Supervised"
import { Effect, Metric } from "effect"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** How often windows are looked at: how late a maintenance may begin to lie over its monitors, and end. */
const tick = "5 seconds"

/** A database that comes back is used again this soon. */
const maxBackoff = "5 seconds"

/** The most goes of one round; each lays the overlay over some hundreds of monitors. */
const maxGoes = 100

/** The fiber that lays maintenances over their monitors while a window of theirs is open, and takes them away again. */
export const maintenanceChore = Effect.gen(function* () {
  const { apply } = yield* Maintenances
  const changed = Metric.tagged(ProducerMetrics.choreUnits, "chore", "maintenance")

  const applyAll = Effect.gen(function* () {
    for (let go = 0; go < maxGoes; go++) {
      const monitors = yield* apply
      if (monitors === 0) return
      yield* Metric.incrementBy(changed, monitors)
    }
  })

  yield* supervised("maintenance", applyAll, { every: tick, maxBackoff })
})
