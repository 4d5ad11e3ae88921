import { Effect } from "effect"
import { isolated, quantile } from "../../../packages/testing/src/faults/Isolation.ts"
import { hostileServer } from "../../../packages/testing/src/HostileServer.ts"
import { httpTricks } from "../../../packages/testing/src/HttpTricks.ts"
import type { Fault } from "../Fault.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"
import type { World } from "../World.ts"

const monitors = 150

/** What a fifth of the targets do to whoever asks them. */
const hostilePaths = Object.keys(httpTricks).filter((path) => !["/good", "/redirect", "/status"].includes(path))

/** How long the checks of all sites of the farm took, in milliseconds, of slots from one instant to another. */
const durations = ({ farm, sql }: World, from: number, to: number): Effect.Effect<ReadonlyArray<number>, unknown> =>
  Effect.map(
    sql<{ readonly ms: number }>`
      SELECT response_time_ms::float8 AS ms FROM check_results JOIN monitors ON monitors.id = monitor_id
      WHERE starts_with(url, ${farm.url}) AND response_time_ms IS NOT NULL
        AND scheduled_at BETWEEN ${new Date(from)} AND ${new Date(to)}`,
    (rows) => rows.map(({ ms }) => ms),
  )

/** A fifth of all monitors watch targets that do whatever a hostile server can think of. */
export const hostileTargets: Fault = {
  id: "F27",
  name: "hostile targets, a fifth of all",
  promise: "bounded memory, one row for each slot, none set aside; the checks of good targets take no longer",
  world: { regions: ["USA"] },
  limitSeconds: 300,
  run: Effect.fnUntraced(function* (world) {
    const { apps, downtimes, isWhole, now, sql } = world
    const hostile = yield* hostileServer
    const load = yield* monitorLoad(world, monitors)
    const bad = load.ids.slice(0, monitors / 5)
    yield* Effect.forEach(
      bad,
      (id, i) => sql`
          UPDATE monitors SET enabled = false, url = ${`${hostile.url}${hostilePaths[i % hostilePaths.length]}`}
          WHERE id = ${id}`,
    )
    yield* startAll([apps.worker("USA", { observed: true }), apps.producer({ observed: true })])
    const seconds = isWhole ? 90 : 35
    yield* Effect.sleep("10 seconds")
    const calm = yield* now
    yield* Effect.sleep(seconds * 1_000)
    const begun = yield* now
    for (const monitorId of bad) downtimes.push({ monitorId, from: 0, to: Number.POSITIVE_INFINITY })
    yield* sql`UPDATE monitors SET enabled = true, next_check_at = now() WHERE NOT enabled`
    yield* Effect.sleep(seconds * 1_000)
    const isQuiet = yield* load.rest
    const ended = yield* now
    const before = yield* durations(world, calm, begun - 5_000)
    const during = yield* durations(world, begun + 5_000, ended)
    const [rows] = yield* sql<{ readonly n: number }>`
        SELECT count(*)::int AS n FROM check_results JOIN monitors ON monitors.id = monitor_id
        WHERE starts_with(url, ${hostile.url})`
    return yield* rowOf(hostileTargets, world, {
      elsewhere: new Set<string>(bad),
      confirmMs: Number.POSITIVE_INFINITY,
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending after 40 s"),
        ...expect("each is checked", (rows?.n ?? 0) >= bad.length, `${rows?.n} rows of hostile targets`),
        ...isolated(before, during, 100),
      ],
      remarks: [
        `${rows?.n} checks of hostile targets; a good one took at p95 ${quantile(before, 0.95).toFixed(0)} ms before and ${quantile(
          during,
          0.95,
        ).toFixed(0)} ms among them`,
      ],
    })
  }),
}
