import { isIP } from "node:net"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { readUrl } from "@uptime/domain/MonitorUrl"
import type { ProbeOutcome } from "@uptime/domain/Result"
import { Effect } from "effect"
import { parsePing, pingFailure } from "./PingOutput.ts"
import { type FindPing, runPing, systemPing } from "./PingProgram.ts"
import { failure, malformedUrl, type ProbeFailure } from "./ProbeFailure.ts"
import { conclude, type ProbeRun, type ProbeServices, reachable, startRun, timeLeft } from "./ProbeRun.ts"
import { dialledHost } from "./TargetGuard.ts"

/** Time between two echo requests, in milliseconds: what every system allows to everybody. */
const intervalMs = 200

/** The most `ping` programs that run at a time in this process; further checks wait for their turn within their deadline. */
const maxPrograms = 64
const turns = Effect.unsafeMakeSemaphore(maxPrograms)

const noProgram = failure(
  "internal",
  "the checker's machine has no ping program: install it (iputils-ping on Debian and Ubuntu, iputils on others)",
)
const noTurn = failure("internal", "the checker had more pings to send than it can at a time")

/**
 * One ping: echo requests to the host's address, by the machine's `ping` program. `Up` while no more than
 * `maxLossPercent` are lost, and with any reply unless that is given. The response time is the average round trip.
 *
 * A host of both families is pinged by its first address, and by the other family's where this machine has no route to
 * that one. Requests leave a fifth of a second apart, and only as many as leave half of the deadline for the replies.
 *
 * @param findPing gives the program; the machine's own unless given
 * @returns never fails
 */
export const pingProbe = (
  services: ProbeServices,
  spec: CheckSpec,
  findPing: FindPing = systemPing,
): Effect.Effect<ProbeOutcome> =>
  Effect.suspend(() => {
    const run = startRun(services, spec)
    return ping(run, findPing).pipe(
      Effect.catchAllDefect(() => Effect.fail(failure("internal", "the checker's ping failed"))),
      Effect.match({
        onFailure: (found) => conclude(run, found),
        onSuccess: () => conclude(run, null),
      }),
    )
  })

const ping = (run: ProbeRun, findPing: FindPing): Effect.Effect<void, ProbeFailure> => {
  const url = readUrl(run.spec.url)
  if (url === null) return Effect.fail(malformedUrl)
  const program = findPing()
  if (program === null) return Effect.fail(noProgram)
  return Effect.flatMap(reachable(run, dialledHost(url), run.spec.ping?.ipFamily), (addresses) =>
    pingAny(run, program, oneOfEachFamily(addresses)),
  )
}

const oneOfEachFamily = (addresses: ReadonlyArray<string>): ReadonlyArray<string> =>
  addresses.filter((address, at) => addresses.findIndex((other) => isIP(other) === isIP(address)) === at)

const pingAny = (
  run: ProbeRun,
  program: string,
  [address, ...others]: ReadonlyArray<string>,
): Effect.Effect<void, ProbeFailure> => {
  if (address === undefined) return Effect.fail(malformedUrl)
  const first = turns
    .withPermits(1)(pingAddress(run, program, address))
    .pipe(
      // The program keeps the deadline by itself; this one is for those that wait for their turn.
      Effect.timeoutFail({ duration: timeLeft(run) + 400, onTimeout: () => noTurn }),
    )
  return others.length === 0
    ? first
    : Effect.catchIf(
        first,
        ({ kind }) => kind === "internal" && timeLeft(run) > 0,
        () => pingAny(run, program, others),
      )
}

const pingAddress = (run: ProbeRun, program: string, address: string): Effect.Effect<void, ProbeFailure> =>
  Effect.suspend(() => {
    const { trace } = run
    const left = timeLeft(run)
    if (left === 0) return Effect.fail(noTurn)
    trace.phase = "firstByte"
    trace.address = address
    return Effect.flatMap(runPing(program, pingArguments(run, address, left), left), ({ complaint, output }) => {
      const summary = parsePing(output)
      if (summary !== null) {
        trace.packetLossPercent = Math.round(1_000 * (1 - summary.received / summary.transmitted)) / 10
      }
      if (summary === null || summary.received === 0) return Effect.fail(pingFailure(summary, complaint))
      trace.connected = true
      if (summary.averageMs !== null) {
        trace.responseTimeMs = summary.averageMs
        trace.add("firstByte", summary.averageMs)
      }
      const lost = 100 * (1 - summary.received / summary.transmitted)
      return lost > (run.spec.ping?.maxLossPercent ?? 99)
        ? Effect.fail(failure("protocol", `${trace.packetLossPercent} % of the echo requests had no reply`))
        : Effect.void
    })
  })

/**
 * Not `-w`, which sends further requests for those that were lost; `-W` is how long the last one is waited for when none
 * was answered, which is to the deadline.
 */
const pingArguments = (run: ProbeRun, address: string, leftMs: number): ReadonlyArray<string> => {
  const { count = 3, sizeBytes = 56 } = run.spec.ping ?? {}
  const sent = Math.min(count, 1 + Math.floor(leftMs / 2 / intervalMs))
  return [
    "-n",
    "-q",
    "-c",
    `${sent}`,
    "-i",
    `${intervalMs / 1_000}`,
    "-s",
    `${sizeBytes}`,
    "-W",
    `${Math.ceil(leftMs / 1_000)}`,
    address,
  ]
}
