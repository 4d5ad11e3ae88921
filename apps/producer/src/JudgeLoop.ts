import { Judgements } from "@uptime/persistence/Judgements"
import { finishWithin } from "@uptime/runtime/FinishWithin"
import { supervised } from "@uptime/runtime/Supervised"
import { Events } from "@uptime/stream/Events"
import { Effect, Metric } from "effect"
import { ifWaiting } from "./IfWaiting.ts"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** How often the judge looks for changes of status, and for incidents whose time has come. */
const tick = "1 second"

/** A database that comes back is used again this soon. */
const maxBackoff = "2 seconds"

/** How long a judgement may go on when the process stops. */
const finishLimit = "5 seconds"

/**
 * The fiber that judges (`docs/incidents.md`), once a second, owner after owner until none waits. Any number of producers may
 * do this at once.
 *
 * An owner whose judgement fails is passed over for the others, which are judged before it is tried again; a second failure
 * ends the round, and with it comes the wait. Where the database is away, the first one does.
 */
export const judgeLoop = Effect.gen(function* () {
  const { judgeNext } = yield* Judgements
  const events = yield* Events

  const judgeAll = Effect.gen(function* () {
    let failedBefore = false
    while (true) {
      const judgement = yield* judgeNext.pipe(
        finishWithin(finishLimit),
        Effect.catchIf(
          ({ reason }) => !failedBefore && reason !== "unavailable",
          (error) => {
            failedBefore = true
            return Effect.logWarning("an owner's incidents could not be judged, and others are").pipe(
              Effect.annotateLogs({ reason: String(error.cause) }),
              Effect.as("failed" as const),
            )
          },
        ),
      )
      if (judgement === null) return
      if (judgement === "failed") continue
      const { incidentIds, monitorIds, userId } = judgement
      yield* events.publish({ _tag: "Changed", userId, monitorIds, incidentIds })
      yield* Metric.incrementBy(ProducerMetrics.judged, judgement.changes)
      yield* Metric.incrementBy(Metric.tagged(ProducerMetrics.incidents, "change", "opened"), judgement.opened)
      yield* Metric.incrementBy(Metric.tagged(ProducerMetrics.incidents, "change", "resolved"), judgement.resolved)
    }
  })

  yield* supervised("judge", ifWaiting("changes")(judgeAll), { every: tick, maxBackoff })
})
