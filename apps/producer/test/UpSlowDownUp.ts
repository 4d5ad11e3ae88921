import { SqlClient } from "@effect/sql/SqlClient"
import { type MonitorId, UserId } from "@uptime/domain/Ids"
import { defaultSettings } from "@uptime/domain/MonitorChanges"
import { defaultAlertRules } from "@uptime/domain/MonitorDefaults"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import type { Region } from "@uptime/domain/Region"
import { Incidents } from "@uptime/persistence/Incidents"
import { type HeldTime, holdTime } from "@uptime/testing/HeldTime"
import { type Answer, targetFarm } from "@uptime/testing/TargetFarm"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Clock, Effect } from "effect"
import { drivenWorld, india, makeDrive, makeDueMonitor, usa } from "./DrivenWorld.ts"
import { makeOwner, receiver } from "./IncidentWorld.ts"
import { userAgentOf } from "./StepwiseWorker.ts"
import { type Entry, messageEntry, statesOf, tableOf, watchIncidents } from "./Timeline.ts"

const minuteMs = 60_000

/** What the target does, by what the timeline says of it. */
const answers = {
  "answers 200": { _tag: "Status", status: 200, body: "Welcome" },
  "answers 200 after 600 ms": { _tag: "Slow", delayMs: 600, body: "Welcome" },
  "answers 503": { _tag: "Status", status: 503, body: "Closed for repairs" },
  "cuts connections": { _tag: "Reset" },
} as const satisfies Readonly<Record<string, Answer>>

/**
 * Switches a target on loopback through up, slow, down in one region, down in both, and up, on a time that is held, while it
 * is checked from two regions, judged and told of as in production.
 *
 * @returns the timeline of it, the incident as it is in the end, the messages that came, and in which minutes the target was
 * checked, each with from where
 */
export const upSlowDownUp = Effect.gen(function* () {
  const url = yield* migratedDatabase
  const time = yield* holdTime(url, yield* Clock.currentTimeMillis)
  return yield* drive(time).pipe(Effect.provide(drivenWorld(url)), Effect.withClock(time.clock))
})

const drive = (time: HeldTime) =>
  Effect.gen(function* () {
    const [farm, hook, incidents] = [yield* targetFarm, yield* receiver, yield* Incidents]
    const owner = UserId.make(yield* makeOwner(hook.url))
    const { firstPoint, id } = yield* makeDueMonitor(owner, {
      ...defaultSettings(MonitorUrl.to.make(`${farm.url}/shop`), 60),
      name: "shop",
      check: { conditions: [{ condition: "[RESPONSE_TIME] < 500", severity: "Degraded" }] },
      alerts: { ...defaultAlertRules, on: ["Down", "Partial", "Degraded"] },
    })
    const entries: Array<Entry> = []
    const goOnUntil = yield* makeDrive(time, watchIncidents(owner, entries))
    const goOnUntilMinute = (minute: number) => goOnUntil(firstPoint + minute * minuteMs)
    /** From now on the target answers these regions so. */
    const switchTo = (says: keyof typeof answers, ...from: ReadonlyArray<Region>) =>
      Effect.forEach(from, (region) =>
        Effect.gen(function* () {
          yield* farm.answer("/shop", answers[says], userAgentOf(region))
          entries.push({ at: yield* Clock.currentTimeMillis, what: "target", of: region, says })
        }),
      )

    yield* time.goTo(firstPoint)
    yield* switchTo("answers 200", usa, india)
    yield* goOnUntilMinute(3)
    yield* switchTo("answers 200 after 600 ms", usa, india)
    yield* goOnUntilMinute(6)
    yield* switchTo("answers 503", india)
    yield* goOnUntilMinute(8)
    yield* switchTo("cuts connections", usa)
    yield* goOnUntilMinute(9.5)
    const [open] = yield* incidents.list(owner, { open: true }, 2, null)
    if (open === undefined) return yield* Effect.dieMessage("no incident is open")
    yield* incidents.acknowledge(owner, open.id, "Ann")
    yield* goOnUntilMinute(10)
    yield* switchTo("answers 200", usa, india)
    yield* goOnUntilMinute(13)

    const messages = hook.received()
    entries.push(...(yield* statesOf(id)), ...messages.map(messageEntry))
    return {
      table: tableOf(firstPoint, entries),
      incident: yield* incidents.get(owner, open.id),
      messages,
      checks: yield* checksOf(id, firstPoint),
    }
  })

/** In which minutes since an instant a monitor was checked, and from where. */
const checksOf = (id: MonitorId, since: number) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql<{ readonly minute: number; readonly regions: string }>`
      SELECT (date_part('epoch', scheduled_at) * 1000 - ${since}::float8) / ${minuteMs}::float8 AS minute,
        string_agg(location, ', ' ORDER BY location DESC) AS regions
      FROM check_results WHERE monitor_id = ${id} GROUP BY scheduled_at ORDER BY scheduled_at`,
  )
