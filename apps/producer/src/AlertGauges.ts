import { Judgements } from "@uptime/persistence/Judgements"
import { Outbox } from "@uptime/persistence/Outbox"
import { supervised } from "@uptime/runtime/Supervised"
import { Effect, Metric } from "effect"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** How often incidents and messages are counted. */
const tick = "10 seconds"

/** The fiber that shows how far the judge and the dispatchers are. */
export const alertGauges = Effect.gen(function* () {
  const judgements = yield* Judgements
  const outbox = yield* Outbox

  const show = Effect.gen(function* () {
    const { lagMs, openIncidents } = yield* judgements.state
    yield* Metric.set(ProducerMetrics.judgeLag, lagMs / 1000)
    yield* Metric.set(ProducerMetrics.openIncidents, openIncidents)
    const { dead, oldestAgeMs, pending } = yield* outbox.state
    yield* Metric.set(Metric.tagged(ProducerMetrics.messages, "state", "pending"), pending)
    yield* Metric.set(Metric.tagged(ProducerMetrics.messages, "state", "dead"), dead)
    yield* Metric.set(ProducerMetrics.oldestMessage, oldestAgeMs / 1000)
  })

  yield* supervised("alert gauges", show, { every: tick })
})
