import type { Region } from "@uptime/domain/Region"
import { testRunResult } from "@uptime/domain/TestRun"
import { Prober } from "@uptime/prober/Prober"
import { supervised } from "@uptime/runtime/Supervised"
import { type TakenRun, TestRuns } from "@uptime/stream/TestRuns"
import { Clock, Effect, FiberSet, Layer, Option } from "effect"

/** The most test runs that one worker has at once: few, so that scheduled checks never wait for them. */
export const maxTestRuns = 4

/** How long a probe may run beyond its deadline before it is given up, in milliseconds. */
const hangGraceMs = 1_000

/**
 * Takes test runs of a region, beside its worker: probes each once, by the same prober and under the same guard as scheduled
 * checks, and answers with what was seen. Nothing is stored. What runs when its scope closes is given up, and its asker told
 * that nobody answered in time.
 */
export const layer = ({ region }: { readonly region: Region }): Layer.Layer<never, never, Prober | TestRuns> =>
  Layer.scopedDiscard(
    Effect.gen(function* () {
      const prober = yield* Prober
      const worker = yield* (yield* TestRuns).worker(region)
      const places = yield* Effect.makeSemaphore(maxTestRuns)
      const fork = yield* FiberSet.makeRuntime<never>()

      const run = ({ answer, spec }: TakenRun) =>
        Effect.gen(function* () {
          const checkedAt = yield* Clock.currentTimeMillis
          const outcome = yield* prober.probeOnce(spec)
          yield* answer(testRunResult(outcome, checkedAt))
        }).pipe(
          Effect.timeoutOption(spec.timeoutMs + hangGraceMs),
          Effect.catchAllCause((cause) => Effect.logDebug("a test run is not answered", cause)),
        )

      const round = Effect.uninterruptibleMask(
        Effect.fnUntraced(function* (restore) {
          yield* restore(places.take(1))
          const taken = yield* Effect.onError(restore(worker.take), () => places.release(1))
          if (Option.isNone(taken)) yield* places.release(1)
          else fork(Effect.ensuring(Effect.interruptible(run(taken.value)), places.release(1)))
        }),
      )
      yield* supervised(`test runs ${region}`, round, { maxBackoff: "2 seconds" })
    }).pipe(Effect.annotateLogs({ region })),
  )
