import { Clock, Effect } from "effect"
import { type ChainEnd, chainEnd } from "./CertificateChain.ts"
import { speaksOf } from "./Conditions.ts"
import { dial, secure } from "./Dial.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"
import { socketProbe } from "./SocketProbe.ts"
import { negotiateTls } from "./StartTlsNegotiation.ts"

const defaultWarnDays = 14
const dayMs = 86_400_000

/**
 * One check of a certificate: a TLS handshake, in which the chain must verify and be for the host. What counts as its end
 * is the earliest of the chain's; `warnDays` before it the check is `Degraded`, unless a condition speaks of it.
 *
 * @returns never fails
 */
export const tlsProbe = socketProbe(
  Effect.fnUntraced(function* (run, target) {
    const { serverName = target.tlsHost, startTls } = run.spec.tls ?? {}
    const socket = yield* dial(run, target.host, target.port)
    if (startTls !== undefined) yield* negotiateTls(run, socket, startTls, serverName)
    const secured = yield* secure(run, socket, { host: serverName, ignoreTls: false })
    const now = yield* Clock.currentTimeMillis
    const end = chainEnd(secured.getPeerCertificate(true), now)
    if (end === null) return null
    run.trace.certificateExpiresAt = end.endsAt
    const warnDays = run.spec.tls?.warnDays ?? (speaksOf(run.spec, "[CERTIFICATE_EXPIRATION]") ? 0 : defaultWarnDays)
    return end.endsAt - now < warnDays * dayMs ? endsSoon(end, now) : null
  }),
)

const endsSoon = ({ endsAt, isOwn }: ChainEnd, now: number): ProbeFailure => {
  const days = Math.max(0, Math.floor((endsAt - now) / dayMs))
  const which = isOwn ? "the certificate" : "a certificate of the chain"
  return failure(
    "tls",
    days === 0 ? `${which} ends within a day` : `${which} ends in ${days} ${days === 1 ? "day" : "days"}`,
  )
}
