import { SubscriberDispatcher } from "@uptime/alerting/SubscriberDispatcher"
import { PageOutbox } from "@uptime/persistence/PageOutbox"
import { PageSubscribers } from "@uptime/persistence/PageSubscribers"
import { supervised } from "@uptime/runtime/Supervised"
import { Effect, Metric } from "effect"
import { ifWaiting } from "./IfWaiting.ts"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** How often it is looked whether subscribers are to be told something, and what of them can be forgotten. */
const tick = "2 seconds"
const clearEvery = "1 hour"

/** A database that comes back is used again this soon. */
const maxBackoff = "5 seconds"

/** The fibers that tell subscribers of status pages, and forget who never confirmed and what was told long ago. */
export const subscriberLoop = Effect.gen(function* () {
  const { dispatch } = yield* SubscriberDispatcher
  const { forgetOld } = yield* PageOutbox
  const { forgetOver } = yield* PageSubscribers
  const cleared = Metric.tagged(ProducerMetrics.choreUnits, "chore", "subscribers")

  const clear = Effect.gen(function* () {
    yield* Metric.incrementBy(cleared, yield* forgetOver)
    yield* Metric.incrementBy(cleared, yield* forgetOld)
  })

  yield* supervised("subscribers", ifWaiting("notices")(dispatch), { every: tick, maxBackoff })
  yield* supervised("old notices", clear, { every: clearEvery })
})
