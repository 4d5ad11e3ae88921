import { createSecureContext, rootCertificates } from "node:tls"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Effect, Layer } from "effect"
import { EventLoopMonitor } from "./EventLoopMonitor.ts"
import { makeHttpProbe } from "./HttpProbe.ts"
import { Prober } from "./Prober.ts"
import { Resolver } from "./Resolver.ts"
import type { TargetPolicy } from "./TargetGuard.ts"

export interface NodeProberOptions {
  /** Certificate authorities to trust besides those of Node, as PEM texts. */
  readonly certificateAuthorities?: ReadonlyArray<string>
  /** The `User-Agent` of every request. */
  readonly userAgent?: string
}

/** The `User-Agent` when none is given. */
export const defaultUserAgent = "Uptime/0.1 (uptime monitor)"

/** The prober on Node's own sockets, with the lookups and the view of the event loop that it is given. */
export const layerNoDeps = (
  policy: TargetPolicy,
  options: NodeProberOptions = {},
): Layer.Layer<Prober, never, Resolver | EventLoopMonitor | SecretBox> =>
  Layer.effect(
    Prober,
    Effect.gen(function* () {
      const resolver = yield* Resolver
      const eventLoop = yield* EventLoopMonitor
      const secrets = yield* SecretBox
      const authorities = options.certificateAuthorities ?? []
      // Made once: reading the trusted roots costs more than a whole probe.
      const secureContext = createSecureContext(
        authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] },
      )
      const services = {
        policy,
        resolver,
        eventLoop,
        secrets,
        secureContext,
        userAgent: options.userAgent ?? defaultUserAgent,
      }
      return Prober.of({ probe: makeHttpProbe(services, authorities) })
    }),
  )

/** The prober as an app runs it: this machine's name servers, and the targets that `policy` allows. */
export const layer = (policy: TargetPolicy, options: NodeProberOptions = {}): Layer.Layer<Prober, never, SecretBox> =>
  layerNoDeps(policy, options).pipe(Layer.provide([Resolver.layer, EventLoopMonitor.layer]))
