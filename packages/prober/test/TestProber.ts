import type { ProbeOutcome } from "@uptime/domain/Result"
import { EventLoopMonitor } from "@uptime/prober/EventLoopMonitor"
import * as NodeProber from "@uptime/prober/NodeProber"
import { Prober } from "@uptime/prober/Prober"
import type { ResolveError } from "@uptime/prober/ResolveError"
import { Resolver } from "@uptime/prober/Resolver"
import * as TargetGuard from "@uptime/prober/TargetGuard"
import { SecretBox } from "@uptime/runtime/SecretBox"
import type { Canary } from "@uptime/runtime/Settings"
import { Effect, Either, Layer, Option, Redacted } from "effect"

/** The policy of the tests: their own servers listen on loopback. */
export const loopbackPolicy: TargetGuard.TargetPolicy = {
  ...TargetGuard.publicOnly,
  allowCidrs: Either.getOrThrow(TargetGuard.parseCidrs("127.0.0.0/8")),
}

/** What a name resolves to, call by call; the last answer stays. */
export type Names = Readonly<Record<string, ReadonlyArray<ReadonlyArray<string> | ResolveError>>>

/** A resolver that knows the given names, and nothing of any other. */
export const fakeResolver = (names: Names): Layer.Layer<Resolver> =>
  Layer.sync(Resolver, () => {
    const asked = new Map<string, number>()
    return Resolver.of({
      resolve: (name) => {
        const answers = names[name] ?? []
        const time = asked.get(name) ?? 0
        asked.set(name, time + 1)
        const answer = answers[Math.min(time, answers.length - 1)]
        if (answer === undefined) return Effect.dieMessage(`unexpected lookup of ${name}`)
        return "reason" in answer ? answer : Effect.succeed(answer)
      },
    })
  })

/** The secrets of the tests: sealed and read under one key. */
export const testSecrets: Layer.Layer<SecretBox> = SecretBox.layer(
  Option.some(Redacted.make("the key of the tests, which is long enough")),
)

export interface TestProberOptions {
  readonly policy?: TargetGuard.TargetPolicy
  readonly names?: Names
  readonly authorities?: ReadonlyArray<string>
  readonly isBusy?: boolean
  readonly secrets?: Layer.Layer<SecretBox>
  readonly canaries?: ReadonlyArray<Canary>
  /** How often a target that is not reached is tried: once unless given, so that a test need not wait. */
  readonly tries?: 1 | 2
}

/** A prober on real sockets that looks names up nowhere. */
export const testProber = (options: TestProberOptions = {}): Layer.Layer<Prober> =>
  NodeProber.layerNoDeps(options.policy ?? loopbackPolicy, {
    certificateAuthorities: options.authorities ?? [],
    canaries: options.canaries ?? [],
    tries: options.tries ?? 1,
  }).pipe(
    Layer.provide([
      options.secrets ?? testSecrets,
      fakeResolver(options.names ?? {}),
      Layer.succeed(EventLoopMonitor, EventLoopMonitor.of({ wasBlockedSince: () => options.isBusy ?? false })),
    ]),
  )

/** One probe by the prober in the environment. */
export const probe = (url: string, timeoutMs = 5_000): Effect.Effect<ProbeOutcome, never, Prober> =>
  Effect.flatMap(Prober, (prober) => prober.probe({ kind: "http", url, timeoutMs }))

/** An outcome without its times, to be compared as a whole. */
export const verdict = (outcome: ProbeOutcome) => ({
  status: outcome.status,
  httpStatus: outcome.httpStatus,
  kind: outcome.errorKind,
  message: outcome.errorMessage,
})
