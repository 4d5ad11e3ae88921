import type { CheckStatus } from "../../packages/domain/src/CheckStatus.ts"
import { pushRegion } from "../../packages/domain/src/Heartbeat.ts"
import type { MonitorId } from "../../packages/domain/src/Ids.ts"
import { Region } from "../../packages/domain/src/Region.ts"
import {
  type Evidence,
  type NewResult,
  noPhases,
  type Phases,
  type ProbeOutcome,
} from "../../packages/domain/src/Result.ts"
import type { Behaviour, Outage } from "./Catalogue.ts"

export const minuteMs = 60_000
const dayMs = 1_440 * minuteMs

/** The regions, and the way from each to the shop and back, in milliseconds. */
const ways: ReadonlyMap<Region, number> = new Map([
  [Region.make("USA"), 18],
  [Region.make("India"), 96],
])

/** The regions that a monitor is checked from, or that a heartbeat's results come from. */
export const regionsOf = ({ phases }: Behaviour): ReadonlyArray<Region> =>
  phases === "run" ? [pushRegion] : [...ways.keys()]

/** The outage that a region sees at an instant, `age` minutes before now. */
export const outageAt = ({ outages }: Behaviour, region: Region, age: number): Outage | undefined =>
  outages.find(
    ({ began, lasted, regions }) =>
      age <= began && (lasted === null || age > began - lasted) && (regions ?? [region]).includes(region),
  )

/** A number from 0 to 1 that is the same for the same seeds in every run. */
const chance = (text: string, n: number): number => {
  let hash = 2_166_136_261 ^ n
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32
}

/** How much longer than usual an answer takes: more by day, a little at random, and now and then much. */
const slowness = (name: string, region: Region, slot: number, age: number): number => {
  const hour = (slot % dayMs) / dayMs
  const daily = 1 + 0.22 * Math.max(0, Math.sin((hour - 0.3) * 2 * Math.PI))
  const noise = 0.86 + 0.3 * chance(`${name} ${region}`, age) ** 2
  const spike = chance(`spike ${name} ${region}`, age)
  return daily * noise * (spike > 0.994 ? 1.6 + 60 * (spike - 0.994) * 4 : 1)
}

const phasesOf = (kind: Behaviour["phases"], way: number, answer: number, look: number): Phases => {
  const http = {
    dns: look,
    connect: way,
    tls: way * 1.15 + 3,
    firstByte: way + answer * 0.82,
    transfer: answer * 0.18,
  }
  switch (kind) {
    case "http":
      return http
    case "tls":
      return { ...noPhases, dns: look, connect: way, tls: way * 1.2 + answer }
    case "socket":
      return { ...noPhases, dns: look, connect: way, firstByte: way + answer }
    case "answer":
      return { ...noPhases, firstByte: way * 0.4 + answer }
    case "run":
      return noPhases
  }
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100

const evidenceOf = ({ httpStatus }: Outage): Evidence | null =>
  httpStatus === undefined
    ? null
    : {
        address: "203.0.113.24",
        headers: [
          ["server", "nginx"],
          ["content-type", "application/json"],
          ["retry-after", "30"],
          ["x-request-id", "7c1e4b0a9d52"],
        ],
        body: `{"status":"unavailable","code":${httpStatus},"reason":"upstream payments-core did not answer in 5000 ms"}`,
        certificate: null,
      }

const failed = (outage: Outage, phases: Phases): ProbeOutcome => {
  const answered = outage.httpStatus !== undefined
  const seen = answered ? phases : { ...phases, firstByte: null, transfer: null }
  return {
    status: "Down",
    responseTimeMs: answered ? sumOf(seen) : null,
    phases: outage.kind === "connect" ? { ...noPhases, dns: phases.dns } : seen,
    httpStatus: outage.httpStatus ?? null,
    errorKind: outage.kind,
    errorMessage: outage.message,
    certificateExpiresAt: null,
    attempts: outage.kind === "connect" ? 2 : 1,
    evidence: evidenceOf(outage),
  }
}

const sumOf = (phases: Phases): number => rounded(Object.values(phases).reduce<number>((sum, ms) => sum + (ms ?? 0), 0))

/**
 * The result of a check, made up from how its target behaves.
 *
 * @param name what the random part goes by
 * @param slot in milliseconds since the epoch
 * @param now the same, which ages are measured from
 */
export const resultAt = (
  monitorId: MonitorId,
  name: string,
  behaviour: Behaviour,
  region: Region,
  slot: number,
  now: number,
): NewResult => {
  const age = Math.round((now - slot) / minuteMs)
  const factor = slowness(name, region, slot, age)
  const { slow, slower } = behaviour
  const isSlow = slow !== undefined && age <= slow.began
  const longer =
    (isSlow ? slow.factor : 1) * (slower !== undefined && age <= slower.from && age > slower.to ? slower.factor : 1)
  const answer = behaviour.answersIn * factor * longer
  const way = (ways.get(region) ?? 0) * (0.94 + 0.12 * chance(`way ${region}`, age))
  const look = 2 + 9 * chance(`look ${name} ${region}`, age) ** 3
  const phases = phasesOf(behaviour.phases, way, answer, look)
  for (const name of ["dns", "connect", "tls", "firstByte", "transfer"] as const) {
    const ms = phases[name]
    if (ms !== null) Object.assign(phases, { [name]: rounded(ms) })
  }
  const outage = outageAt(behaviour, region, age)
  const status: CheckStatus = isSlow ? "Degraded" : "Up"
  return {
    monitorId,
    region,
    slot,
    checkedAt: slot + 40,
    outcome:
      outage !== undefined
        ? failed(outage, phases)
        : {
            status,
            responseTimeMs: behaviour.phases === "run" ? Math.round(answer) : sumOf(phases),
            phases,
            httpStatus: behaviour.phases === "http" ? (name === "Live updates" ? 101 : 200) : null,
            errorKind: isSlow ? "condition" : null,
            errorMessage: isSlow ? slow.condition : null,
            certificateExpiresAt: phases.tls === null ? null : now + 61 * dayMs,
            attempts: 1,
            evidence: null,
          },
  }
}
