import { PublicPages } from "@uptime/persistence/PublicPages"
import { supervised } from "@uptime/runtime/Supervised"
import { Effect, Metric } from "effect"
import { ifWaiting } from "./IfWaiting.ts"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** How often pages are looked for that show something which changed. */
const tick = "1 second"

/** A database that comes back is used again this soon. */
const maxBackoff = "5 seconds"

/** The most goes of one round; each builds up to 100 pages. */
const maxGoes = 20

/** The fiber that builds what the public is shown. Any number of producers may do this at once. */
export const statusPageChore = Effect.gen(function* () {
  const { buildDue } = yield* PublicPages
  const made = Metric.tagged(ProducerMetrics.choreUnits, "chore", "status pages")

  const buildAll = Effect.gen(function* () {
    for (let go = 0; go < maxGoes; go++) {
      const built = yield* buildDue
      if (built === 0) return
      yield* Metric.incrementBy(made, built)
    }
  })

  yield* supervised("status pages", ifWaiting("pages")(buildAll), { every: tick, maxBackoff })
})
