import { portOf, readUrl } from "@uptime/domain/MonitorUrl"
import type { SealedSecret } from "@uptime/domain/Secret"
import { Effect, Either, type Scope } from "effect"
import { failure, malformedUrl, type ProbeFailure } from "./ProbeFailure.ts"
import { conclude, type KindProbe, type ProbeRun, startRun, withinDeadline } from "./ProbeRun.ts"
import { dialledHost } from "./TargetGuard.ts"

/** Whom a probe talks to. */
export interface Target {
  readonly url: URL
  /** The scheme, without its colon. */
  readonly scheme: string
  /** A name, or an address without brackets: what is looked up and dialled. */
  readonly host: string
  /** The name a certificate must be for: the host without a final dot. */
  readonly tlsHost: string
  readonly port: number
}

const broken = failure("internal", "the checker failed in the middle of the check")

/**
 * A probe that talks over a connection: what `talk` opens in its scope is closed when it ends, at the deadline, and on
 * interruption; what it breaks on is a fault of ours.
 *
 * @param talk succeeds with null when all is well, or with what is not as it should be, which is `Degraded`; fails with
 *   what is wrong. The run it gets has the services and the check. Made once for all checks of its kind
 */
export const socketProbe =
  (talk: (run: ProbeRun, target: Target) => Effect.Effect<ProbeFailure | null, ProbeFailure, Scope.Scope>): KindProbe =>
  (services, spec) =>
    Effect.suspend(() => {
      const run = startRun(services, spec)
      const target = targetOf(spec.url)
      if (target === null) return Effect.succeed(conclude(run, malformedUrl))
      return Effect.suspend(() => talk(run, target)).pipe(
        Effect.scoped,
        withinDeadline(run),
        Effect.catchAllDefect(() => Effect.fail(broken)),
        Effect.match({
          onFailure: (found) => conclude(run, found),
          onSuccess: (warning) => conclude(run, null, warning),
        }),
      )
    })

const targetOf = (text: string): Target | null => {
  const url = readUrl(text)
  const port = url === null ? null : portOf(url)
  if (url === null || port === null) return null
  const host = dialledHost(url)
  return { url, scheme: url.protocol.slice(0, -1), host, tlsHost: host.replace(/\.$/, ""), port }
}

/** The text of a secret that travels with the check; that it cannot be read says nothing about the target. */
export const readSecret = ({ services }: ProbeRun, secret: SealedSecret): Effect.Effect<string, ProbeFailure> =>
  Either.match(services.secrets.unseal(secret), {
    onLeft: ({ message }) => Effect.fail(failure("internal", `a secret of this monitor cannot be read: ${message}`)),
    onRight: Effect.succeed,
  })
