import { type Job, jobDeadline, jobVersion } from "@uptime/domain/Job"
import { type CreatedMonitor, Monitors } from "@uptime/persistence/Monitors"
import { CheckStream } from "@uptime/stream/CheckStream"
import { Context, Effect, Fiber, FiberSet, Layer } from "effect"

/** How long the answer to a create waits for its first job to be on the stream, in milliseconds. */
export const publishWaitMs = 300

/** Starts the first checks of new monitors without waiting for a producer's next round. */
export class FirstChecks extends Context.Tag("@uptime/api/FirstChecks")<
  FirstChecks,
  {
    /**
     * Puts the first jobs of new monitors on the stream, and notes it. Ends after 300 ms at the latest and never fails:
     * monitors whose jobs the stream does not take are left to the producers, which publish the very same jobs, at once;
     * five seconds later where that could not be said either.
     */
    readonly start: (created: ReadonlyArray<CreatedMonitor>) => Effect.Effect<void>
  }
>() {
  static readonly layerNoDeps = Layer.scoped(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const stream = yield* CheckStream
  const monitors = yield* Monitors
  const fibers = yield* FiberSet.make()

  return FirstChecks.of({
    start: Effect.fn("FirstChecks.start")(function* (created) {
      const enabled = created.filter(({ monitor }) => monitor.enabled && monitor.kind !== "heartbeat")
      if (enabled.length === 0) return
      const isPublished = stream.publish(enabled.map(firstJob)).pipe(
        Effect.as(true),
        Effect.catchAll((error) =>
          Effect.as(Effect.logDebug(`first checks are left to a producer: ${error.message}`), false),
        ),
        Effect.catchAllDefect((defect) =>
          Effect.as(Effect.logError("first checks are left to a producer", defect), false),
        ),
      )
      const publish = Effect.if(isPublished, {
        onTrue: () => monitors.markPublished(enabled),
        onFalse: () => monitors.leaveToProducer(enabled),
      }).pipe(
        Effect.catchAll((error) => Effect.logDebug(`first checks are not noted: ${error.message}`)),
        Effect.catchAllDefect((defect) => Effect.logError("first checks are not noted", defect)),
      )
      // Not interrupted when the wait is over: a job that gets there late is noted all the same.
      const fiber = yield* FiberSet.run(fibers, publish)
      yield* Fiber.await(fiber).pipe(Effect.timeoutOption(publishWaitMs))
    }),
  })
})

const firstJob = ({ configVersion, firstSlot, monitor, spec }: CreatedMonitor): Job => ({
  v: jobVersion,
  monitorId: monitor.id,
  slot: firstSlot,
  deadline: jobDeadline(firstSlot, monitor.intervalSeconds),
  configVersion,
  spec,
})
