import { createSecureContext, rootCertificates } from "node:tls"
import type { CheckKind } from "@uptime/domain/CheckKind"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { unmeasured } from "@uptime/domain/Result"
import { SecretBox } from "@uptime/runtime/SecretBox"
import type { Canary } from "@uptime/runtime/Settings"
import { Effect, Layer } from "effect"
import { makeConnectivity } from "./Connectivity.ts"
import { dnsProbe } from "./DnsProbe.ts"
import { makeDomainProbe } from "./DomainProbe.ts"
import { EventLoopMonitor } from "./EventLoopMonitor.ts"
import { grpcProbe } from "./GrpcProbe.ts"
import { makeHttpProbe } from "./HttpProbe.ts"
import { mysqlProbe } from "./MysqlProbe.ts"
import { pingProbe } from "./PingProbe.ts"
import { postgresProbe } from "./PostgresProbe.ts"
import type { KindProbe, ProbeServices } from "./ProbeRun.ts"
import { Prober } from "./Prober.ts"
import { redisProbe } from "./RedisProbe.ts"
import { Resolver } from "./Resolver.ts"
import { withSecondTry } from "./SecondTry.ts"
import { smtpProbe } from "./SmtpProbe.ts"
import type { TargetPolicy } from "./TargetGuard.ts"
import { tcpProbe } from "./TcpProbe.ts"
import { tlsProbe } from "./TlsProbe.ts"
import { webSocketProbe } from "./WebSocketProbe.ts"

export interface NodeProberOptions {
  /** Certificate authorities to trust besides those of Node, as PEM texts. */
  readonly certificateAuthorities?: ReadonlyArray<string>
  /** The `User-Agent` of every request. */
  readonly userAgent?: string
  /** What is dialled to learn whether this worker's own network is gone; nothing unless given. */
  readonly canaries?: ReadonlyArray<Canary>
  /** How often a target that is not reached is tried: twice unless given. */
  readonly tries?: 1 | 2
}

/** The `User-Agent` when none is given. */
export const defaultUserAgent = "Uptime/0.1 (uptime monitor)"

/** A heartbeat is told, and has nothing that could be probed: whoever asks for it has made a mistake. */
const noProbe: KindProbe = () => Effect.succeed(unmeasured("internal", "a heartbeat is awaited and cannot be probed"))

/** The kinds that keep nothing from one check to the next. */
const probes: Readonly<Record<Exclude<CheckKind, "http" | "domain">, KindProbe>> = {
  tcp: tcpProbe,
  dns: dnsProbe,
  ping: pingProbe,
  tls: tlsProbe,
  websocket: webSocketProbe,
  grpc: grpcProbe,
  smtp: smtpProbe,
  postgres: postgresProbe,
  mysql: mysqlProbe,
  redis: redisProbe,
  heartbeat: noProbe,
}

/** The prober on Node's own sockets, with the lookups and the view of the event loop that it is given. */
export const layerNoDeps = (
  policy: TargetPolicy,
  options: NodeProberOptions = {},
): Layer.Layer<Prober, never, Resolver | EventLoopMonitor | SecretBox> =>
  Layer.scoped(
    Prober,
    Effect.gen(function* () {
      const resolver = yield* Resolver
      const eventLoop = yield* EventLoopMonitor
      const secrets = yield* SecretBox
      const connectivity = yield* makeConnectivity(options.canaries ?? [], resolver)
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
        keepsAll: false,
      }
      const domainProbe = yield* makeDomainProbe(services, authorities)
      const oneTry = (own: ProbeServices) => {
        const httpProbe = makeHttpProbe(own, authorities)
        return (spec: CheckSpec) => {
          if (spec.kind === "http") return httpProbe(spec)
          return spec.kind === "domain" ? domainProbe(spec, own) : probes[spec.kind](own, spec)
        }
      }
      const once = oneTry(services)
      const onceKeepingAll = oneTry({ ...services, keepsAll: true })
      const probe = options.tries === 1 ? once : withSecondTry(once)
      return Prober.of({
        probe: (spec) => Effect.flatMap(probe(spec), connectivity.judge),
        probeOnce: (spec) => Effect.flatMap(onceKeepingAll(spec), connectivity.judge),
      })
    }),
  )

/** The prober as an app runs it: this machine's name servers, and the targets that `policy` allows. */
export const layer = (policy: TargetPolicy, options: NodeProberOptions = {}): Layer.Layer<Prober, never, SecretBox> =>
  layerNoDeps(policy, options).pipe(Layer.provide([Resolver.layer, EventLoopMonitor.layer]))
