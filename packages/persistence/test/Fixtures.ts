import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import { MonitorId, type UserId } from "@uptime/domain/Ids"
import type { Monitor, MonitorSettings } from "@uptime/domain/Monitor"
import { defaultSettings } from "@uptime/domain/MonitorChanges"
import type { MonitorStatus } from "@uptime/domain/MonitorStatus"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { Region } from "@uptime/domain/Region"
import { type NewResult, noPhases, type ProbeOutcome } from "@uptime/domain/Result"
import type { StateInterval } from "@uptime/domain/Uptime"
import { Email } from "@uptime/domain/User"
import { Effect, Layer } from "effect"
import { DueMonitors } from "../src/DueMonitors.ts"
import { Housekeeping } from "../src/Housekeeping.ts"
import { type CreatedMonitor, Monitors } from "../src/Monitors.ts"
import type { Database } from "../src/PostgresSql.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { Results } from "../src/Results.ts"
import { Users } from "../src/Users.ts"

export const usa = Region.make("USA")
export const india = Region.make("India")

/** Every service over one database. */
export const services = <E>(database: Layer.Layer<Database, E>) =>
  Layer.provideMerge(
    Layer.mergeAll(
      Users.layer,
      Monitors.layer,
      DueMonitors.layer,
      ResultStore.layer,
      Results.layer,
      Housekeeping.layer,
    ),
    database,
  )

/** A new account. */
export const makeUser = Effect.gen(function* () {
  const users = yield* Users
  const email = Email.make(`${randomUUID()}@example.com`)
  return (yield* users.create({ email, name: "Ann", passwordHash: "hash" })).user
})

export const settings = (given: Partial<MonitorSettings> = {}): MonitorSettings => ({
  ...defaultSettings(given.url ?? MonitorUrl.to.make("https://example.com/"), 60),
  name: "A monitor",
  ...given,
})

/** Lets one result be enough for a change of status, so that a test need not say everything twice. */
export const believeAtOnce = (ids: ReadonlyArray<MonitorId>) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`UPDATE monitors SET confirm_failures = 1, confirm_successes = 1 WHERE id = ANY(${ids}::uuid[])`,
  )

/** A new monitor of an owner, which believes at once. */
export const makeMonitor = (userId: UserId, given: Partial<MonitorSettings> = {}) =>
  Effect.gen(function* () {
    const monitors = yield* Monitors
    const [created] = yield* monitors.create(userId, [settings(given)])
    if (created === undefined) return yield* Effect.dieMessage("no monitor was made")
    yield* believeAtOnce([created.monitor.id])
    return created.monitor
  })

/** What was given back when a monitor was made. */
export const createdOf = (monitor: Monitor): CreatedMonitor => ({
  monitor,
  spec: { kind: monitor.kind, url: monitor.url, timeoutMs: monitor.timeoutMs },
  configVersion: 1,
  firstSlot: monitor.createdAt.epochMillis,
})

/** A new monitor of a new owner. */
export const makeOwnMonitor = (given: Partial<MonitorSettings> = {}) =>
  Effect.flatMap(makeUser, ({ id }) => makeMonitor(id, given))

export const unknownMonitorId = Effect.sync(() => MonitorId.make(randomUUID()))

/** The database's clock, in milliseconds since the epoch. */
export const databaseNow = Effect.gen(function* () {
  const sql = yield* SqlClient
  const [row] = yield* sql<{ readonly now: number }>`SELECT floor(date_part('epoch', clock_timestamp()) * 1000) AS now`
  return row?.now ?? Number.NaN
})

/** A result; `Up` after 100 ms unless given. */
export const result = (
  monitorId: MonitorId,
  slot: number,
  status: CheckStatus = "Up",
  given: { readonly region?: Region; readonly outcome?: Partial<ProbeOutcome> } = {},
): NewResult => ({
  monitorId,
  region: given.region ?? usa,
  slot,
  checkedAt: slot + 250,
  outcome: {
    status,
    responseTimeMs: status === "Up" ? 100 : null,
    phases: noPhases,
    httpStatus: status === "Up" ? 200 : null,
    errorKind: status === "Up" ? null : status === "Down" ? "timeout" : "internal",
    errorMessage: status === "Up" ? null : "no answer",
    certificateExpiresAt: null,
    attempts: 1,
    evidence: null,
    ...given.outcome,
  },
})

/** The state intervals of a monitor in a location, oldest first, in milliseconds. */
export const intervalsOf = (monitorId: MonitorId, location: string) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql<{
      readonly state: StateInterval["state"]
      readonly startedAt: number
      readonly endedAt: number | null
    }>`
      SELECT state, round(date_part('epoch', started_at) * 1000) AS "startedAt",
        round(date_part('epoch', ended_at) * 1000) AS "endedAt"
      FROM state_intervals WHERE monitor_id = ${monitorId} AND location = ${location} ORDER BY started_at`,
  )

/** A row of `monitor_status`, in milliseconds; null when there is none, or one that says nothing yet. */
export const statusOf = (monitorId: MonitorId, location: string) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const [row] = yield* sql<{
      readonly status: MonitorStatus
      readonly since: number
      readonly lastSlot: number
      readonly resultId: string | null
    }>`
      SELECT status, round(date_part('epoch', since) * 1000) AS since,
        round(date_part('epoch', last_slot) * 1000) AS "lastSlot", result_id AS "resultId"
      FROM monitor_status WHERE monitor_id = ${monitorId} AND location = ${location} AND since > '-infinity'`
    return row ?? null
  })
