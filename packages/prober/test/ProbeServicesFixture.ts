import { createSecureContext, rootCertificates } from "node:tls"
import { EventLoopMonitor } from "@uptime/prober/EventLoopMonitor"
import type { ProbeServices } from "@uptime/prober/ProbeRun"
import { Resolver } from "@uptime/prober/Resolver"
import type { TargetPolicy } from "@uptime/prober/TargetGuard"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Effect, Layer } from "effect"
import { fakeResolver, loopbackPolicy, type Names, testSecrets } from "./TestProber.ts"

export interface ServicesOptions {
  readonly policy?: TargetPolicy
  /** What names resolve to; any other name is a defect. Not used when `resolver` is given. */
  readonly names?: Names
  readonly resolver?: Layer.Layer<Resolver>
  /** Certificate authorities to trust besides those of Node, as PEM texts. */
  readonly authorities?: ReadonlyArray<string>
  readonly secrets?: Layer.Layer<SecretBox>
  /** Whether the event loop is said to have stood still. */
  readonly isBusy?: boolean
}

/** What a probe of one kind needs: targets on loopback are allowed, and names are looked up nowhere. */
export const probeServices = (options: ServicesOptions = {}): Effect.Effect<ProbeServices> =>
  Effect.gen(function* () {
    const authorities = options.authorities ?? []
    return {
      policy: options.policy ?? loopbackPolicy,
      resolver: yield* Resolver,
      eventLoop: EventLoopMonitor.of({ wasBlockedSince: () => options.isBusy ?? false }),
      secrets: yield* SecretBox,
      secureContext: createSecureContext(authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] }),
      userAgent: "Uptime/test",
      keepsAll: false,
    }
  }).pipe(
    Effect.provide(Layer.merge(options.resolver ?? fakeResolver(options.names ?? {}), options.secrets ?? testSecrets)),
  )
