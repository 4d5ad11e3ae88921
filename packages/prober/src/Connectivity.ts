import { connect, isIP } from "node:net"
import { type ProbeOutcome, unmeasured } from "@uptime/domain/Result"
import { gauge } from "@uptime/runtime/Metrics"
import type { Canary } from "@uptime/runtime/Settings"
import { type Context, Deferred, Effect, FiberId, Metric, type Scope } from "effect"
import { monotonicNow } from "./MonotonicClock.ts"
import { isUnreached } from "./ProbeRun.ts"
import type { Resolver } from "./Resolver.ts"

/** How long a canary is given to take a connection, look-up included, in milliseconds. */
const dialMs = 2_000
/** How long what the canaries showed is believed, and how often a network that is gone is looked for, in milliseconds. */
const believedMs = 5_000

const impaired = gauge("uptime_worker_impaired", "1 while this worker's own network is gone: no canary answers.")

/** What is said of a check that may have failed because of this worker's own network. */
export const networkGone = "this worker's own network is gone"

/** Tells whether this worker's own network is gone. */
export interface Connectivity {
  /** An outcome as it is, or `Unknown` where the target was not reached and no canary is reached either. */
  readonly judge: (outcome: ProbeOutcome) => Effect.Effect<ProbeOutcome>
}

/**
 * Looks at the operator's canaries after a target was not reached, and never otherwise: when none of them takes a TCP
 * connection within 2 s, the failure is ours. What they showed holds for 5 s, and one look is under way at most, however
 * many checks ask. A network that is gone is looked for every 5 s until a canary answers; `uptime_worker_impaired` is 1
 * meanwhile.
 *
 * Canaries are the operator's choice and pass no target guard. Without any, every outcome stays as it is.
 */
export const makeConnectivity = Effect.fnUntraced(function* (
  canaries: ReadonlyArray<Canary>,
  resolver: Context.Tag.Service<typeof Resolver>,
): Effect.fn.Return<Connectivity, never, Scope.Scope> {
  yield* Metric.set(impaired, 0)
  if (canaries.length === 0) return { judge: Effect.succeed }
  const scope = yield* Effect.scope
  let lookedAt = Number.NEGATIVE_INFINITY
  let isGone = false
  let underWay: Deferred.Deferred<boolean> | null = null

  const look = Effect.gen(function* () {
    const wasGone = isGone
    isGone = !(yield* anyAnswers(canaries, resolver))
    lookedAt = monotonicNow()
    if (isGone === wasGone) return
    yield* Metric.set(impaired, isGone ? 1 : 0)
    yield* isGone
      ? Effect.logWarning("no canary answers: this worker's own network is gone, what it cannot reach is Unknown")
      : Effect.logInfo("a canary answers: this worker's own network is back")
  })

  /** Looks, tells who waits, and goes on looking while the network is gone; on a fiber that outlives the check which asked. */
  const begin = (told: Deferred.Deferred<boolean>) =>
    look.pipe(
      Effect.ensuring(
        Effect.suspend(() => {
          underWay = null
          return Deferred.succeed(told, isGone)
        }),
      ),
      Effect.zipRight(
        Effect.whileLoop({ while: () => isGone, body: () => Effect.delay(look, believedMs), step: () => {} }),
      ),
      Effect.interruptible,
      Effect.forkIn(scope),
    )

  /** Whether the network is gone, by a look that is fresh enough. */
  const ask: Effect.Effect<boolean> = Effect.suspend(() => {
    // While it is gone, `begin` keeps looking.
    if (isGone || monotonicNow() - lookedAt < believedMs) return Effect.succeed(isGone)
    if (underWay !== null) return Deferred.await(underWay)
    const told = Deferred.unsafeMake<boolean>(FiberId.none)
    underWay = told
    return Effect.zipRight(begin(told), Deferred.await(told))
  })

  return {
    judge: (outcome) =>
      isUnreached(outcome)
        ? Effect.map(ask, (gone) =>
            gone ? { ...unmeasured("internal", networkGone), attempts: outcome.attempts } : outcome,
          )
        : Effect.succeed(outcome),
  }
})

/** Whether one of several canaries takes a connection in time. */
const anyAnswers = (
  canaries: ReadonlyArray<Canary>,
  resolver: Context.Tag.Service<typeof Resolver>,
): Effect.Effect<boolean> =>
  Effect.raceAll(canaries.map((canary) => answers(canary, resolver))).pipe(
    Effect.timeoutFail({ duration: dialMs, onTimeout: () => "silent" as const }),
    Effect.isSuccess,
  )

const answers = ({ host, port }: Canary, resolver: Context.Tag.Service<typeof Resolver>) =>
  Effect.flatMap(isIP(host) === 0 ? resolver.resolve(host, dialMs) : Effect.succeed([host]), ([address]) =>
    address === undefined ? Effect.fail("silent" as const) : connects(address, port),
  )

const connects = (address: string, port: number): Effect.Effect<void, "silent"> =>
  Effect.async((resume) => {
    const socket = connect({ host: address, port })
    socket.on("connect", () => {
      socket.destroy()
      resume(Effect.void)
    })
    socket.on("error", () => resume(Effect.fail("silent")))
    return Effect.sync(() => socket.destroy())
  })
