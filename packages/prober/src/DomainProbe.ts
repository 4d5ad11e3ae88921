import { isIP } from "node:net"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { readUrl } from "@uptime/domain/MonitorUrl"
import type { ProbeOutcome } from "@uptime/domain/Result"
import { Clock, Effect } from "effect"
import { speaksOf } from "./Conditions.ts"
import { GuardedHttp } from "./GuardedHttp.ts"
import { failure, malformedUrl, type ProbeFailure } from "./ProbeFailure.ts"
import { conclude, type ProbeRun, type ProbeServices, startRun, timeLeft } from "./ProbeRun.ts"
import { type Found, makeRegistrations, type RegistrationsOptions } from "./Registrations.ts"
import { Resolver } from "./Resolver.ts"
import { dialledHost } from "./TargetGuard.ts"

const defaultWarnDays = 30
const dayMs = 86_400_000

const isAddress = failure("internal", "an address has no registration: the URL must name a domain")
const isSilent = failure("internal", "the registry does not say when its registrations end")
const broken = failure("internal", "the checker failed in the middle of the check")
const notRegistered = failure("protocol", "the domain is not registered")
const hasEnded = failure("protocol", "the domain's registration has ended")
const waitsForDeletion = failure("protocol", "the domain's registration has ended, and it will be deleted")

/**
 * Checks of the registration that a host belongs to: `Down` when it has ended or there is none, `Degraded` from `warnDays`
 * before it ends. A registry that has no RDAP server, or that does not answer, says nothing about the domain. What a
 * registry said is held for true for an hour; the response time is that of when it was asked.
 *
 * @param authorities those that this installation trusts besides the usual ones, as PEM texts
 * @returns the probe of one check, which never fails; given other services than these it is the same one, for them
 */
export const makeDomainProbe = (
  services: ProbeServices,
  authorities: ReadonlyArray<string> = [],
  options: RegistrationsOptions = {},
): Effect.Effect<(spec: CheckSpec, own?: ProbeServices) => Effect.Effect<ProbeOutcome>> =>
  Effect.gen(function* () {
    const find = yield* makeRegistrations(yield* GuardedHttp, options)
    return (spec: CheckSpec, own = services) =>
      Effect.suspend(() => {
        const run = startRun(own, spec)
        return Effect.flatMap(nameOf(spec), (name) => find(name, timeLeft(run))).pipe(
          Effect.flatMap((found) => judge(run, found)),
          Effect.catchAllDefect(() => Effect.fail(broken)),
          Effect.match({
            onFailure: (wrong) => conclude(run, wrong),
            onSuccess: (warning) => conclude(run, null, warning),
          }),
        )
      })
  }).pipe(
    Effect.provide(GuardedHttp.layerNoDeps(services.policy, { certificateAuthorities: authorities })),
    Effect.provideService(Resolver, services.resolver),
  )

const nameOf = ({ url: text }: CheckSpec): Effect.Effect<string, ProbeFailure> => {
  const url = readUrl(text)
  if (url === null) return Effect.fail(malformedUrl)
  const host = dialledHost(url)
  return isIP(host) === 0 ? Effect.succeed(host.replace(/\.$/, "")) : Effect.fail(isAddress)
}

/** Gives a warning, or null; fails with what is wrong. */
const judge = (
  { spec, trace }: ProbeRun,
  { registration, tookMs }: Found,
): Effect.Effect<ProbeFailure | null, ProbeFailure> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    trace.connected = true
    trace.responseTimeMs = tookMs
    if (registration === null) return Effect.fail(notRegistered)
    trace.domainExpiresAt = registration.expiresAt
    if (registration.isEnding) return Effect.fail(waitsForDeletion)
    if (registration.expiresAt === null) return Effect.fail(isSilent)
    const leftMs = registration.expiresAt - now
    if (leftMs <= 0) return Effect.fail(hasEnded)
    const warnDays = spec.domain?.warnDays ?? (speaksOf(spec, "[DOMAIN_EXPIRATION]") ? 0 : defaultWarnDays)
    return Effect.succeed(leftMs <= warnDays * dayMs ? endsSoon(Math.floor(leftMs / dayMs)) : null)
  })

const endsSoon = (days: number): ProbeFailure =>
  failure(
    "protocol",
    `the domain's registration ends in ${days === 0 ? "less than a day" : days === 1 ? "1 day" : `${days} days`}`,
  )
