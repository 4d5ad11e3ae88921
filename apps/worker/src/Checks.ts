import { type NewResult, type ProbeOutcome, unmeasured } from "@uptime/domain/Result"
import { Prober } from "@uptime/prober/Prober"
import type { Delivery } from "@uptime/stream/CheckStream"
import { Effect, Exit, FiberSet, Metric, type Scope } from "effect"
import type { Held } from "./Holdings.ts"
import type { WorkerContext } from "./WorkerContext.ts"

/** Starts the check of each entry, on a fiber of its own. Returns at once: the results arrive in the holdings. */
export type StartChecks = (deliveries: ReadonlyArray<Delivery>) => Effect.Effect<void>

/**
 * How entries become results. A job past its deadline is not run but stored as `Unknown`, so that its slot is accounted
 * for; a probe that dies is a fault of ours and `Unknown` too. Fibers end with the scope: what they had not finished
 * stays pending on the stream.
 */
export const makeStartChecks = Effect.fnUntraced(function* (
  context: WorkerContext,
): Effect.fn.Return<StartChecks, never, Prober | Scope.Scope> {
  const prober = yield* Prober
  const clock = yield* Effect.clock
  const fork = yield* FiberSet.makeRuntime<never, ProbeOutcome, never>()
  const { holdings, metrics } = context

  const toResult = (delivery: Delivery, checkedAt: number, outcome: ProbeOutcome): NewResult => ({
    monitorId: delivery.job.monitorId,
    region: context.region,
    slot: delivery.job.slot,
    checkedAt,
    outcome,
  })

  const probe = (held: Held): void => {
    const { delivery, startedAt } = held
    // Interruptible whatever the region this runtime was captured in: a stopping worker must be able to end it.
    fork(Effect.interruptible(prober.probe(delivery.job.spec))).addObserver((exit) => {
      if (Exit.isSuccess(exit)) holdings.finish(held, toResult(delivery, startedAt, exit.value))
      else if (Exit.isInterrupted(exit)) holdings.abandon(held)
      else holdings.finish(held, toResult(delivery, startedAt, unmeasured("internal", "The check broke down.")))
    })
  }

  return (deliveries) =>
    Effect.suspend(() => {
      const now = clock.unsafeCurrentTimeMillis()
      let expired = 0
      for (const delivery of deliveries) {
        const held = holdings.add(delivery, now)
        if (held === null) continue
        if (now <= delivery.job.deadline) {
          probe(held)
        } else {
          expired++
          const late = Math.round((now - delivery.job.slot) / 1000)
          holdings.finish(
            held,
            toResult(delivery, now, unmeasured("internal", `Not checked: its turn came ${late} s late.`)),
          )
        }
      }
      return expired === 0 ? Effect.void : Metric.incrementBy(metrics.expired, expired)
    })
})
