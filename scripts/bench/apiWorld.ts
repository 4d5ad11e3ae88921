import { Clock, Effect, Layer } from "effect"
import { Housekeeping } from "../../packages/persistence/src/Housekeeping.ts"
import { startApp } from "../../packages/testing/src/AppProcess.ts"
import { freePort } from "../../packages/testing/src/FreePort.ts"
import { startRedis } from "../../packages/testing/src/Servers.ts"
import { bundleOf, ensureBuilt } from "../build.mjs"
import { flagsOf } from "../flags.mjs"
import { call, until } from "./app.mjs"
import { patientClient, startDatabase } from "./database.ts"
import { fillHistory } from "./history.ts"
import { addMonitors, addStatuses } from "./monitors.ts"

/** Results are three minutes apart, as those of a monitor that names no interval. */
const apartMs = 180_000

/** As many as make ten million results in ninety days, from two regions. */
const monitors = 115

/** What the account of a benchmark logs in with. */
export const password = "a long enough sentence"

/** A database with an api in front of it, one account with some monitors, and another to make monitors in. */
export const startApiWorld = Effect.gen(function* () {
  yield* Effect.promise(() => ensureBuilt("api"))
  const [{ pid: databasePid, sql, url: databaseUrl }, redis, port] = yield* Effect.all(
    [startDatabase, startRedis(), freePort],
    { concurrency: "unbounded" },
  )
  const api = yield* startApp(
    bundleOf("api"),
    {
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis.url,
      JWT_SECRET: "a secret of the benchmark's own, of no use elsewhere",
      TRUSTED_PROXIES: "127.0.0.1",
      PROBE_ALLOW_CIDRS: "127.0.0.0/8",
      NODE_ENV: "production",
      PORT: String(port),
    },
    { flags: flagsOf("api") },
  )
  const url = `http://127.0.0.1:${port}`
  const isReady = (): Promise<true | undefined> =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok || undefined,
      () => undefined,
    )
  yield* Effect.promise(() => until("the api", isReady))
  const signUp = (email: string): Effect.Effect<{ readonly token: string; readonly user: { readonly id: string } }> =>
    Effect.promise(() => call(`${url}/api/auth/signup`, { body: { email, name: "Bench", password } }))
  const reader = yield* signUp("reader@example.com")
  const writer = yield* signUp("writer@example.com")
  const newest = yield* Clock.currentTimeMillis
  const ids = yield* addMonitors(sql, {
    count: monitors,
    url: "http://127.0.0.1",
    intervalSeconds: apartMs / 1000,
    dueInMs: 86_400_000,
    userId: reader.user.id,
  })
  yield* addStatuses(sql, newest - 90 * 86_400_000)
  let filled = 0

  /** Fills in so many results, beside those that are there, and rolls them up; the newest are what the lists show. */
  const fill = Effect.fnUntraced(function* (rows: number) {
    const lastSlot = Math.max(1, Math.round(rows / monitors / 2))
    yield* fillHistory(databaseUrl, { ids, until: newest, apartMs, firstSlot: filled + 1, lastSlot })
    filled = lastSlot
    yield* sql`
        UPDATE monitor_status AS state
        SET last_slot = result.scheduled_at, result_id = id, scheduled_at = result.scheduled_at,
          checked_at = result.checked_at, result_status = result.status, response_time_ms = result.response_time_ms,
          connect_ms = result.connect_ms, tls_ms = result.tls_ms, first_byte_ms = result.first_byte_ms,
          transfer_ms = result.transfer_ms, http_status = result.http_status
        FROM check_results AS result
        WHERE result.monitor_id = state.monitor_id AND result.location = state.location
          AND result.scheduled_at = to_timestamp(${newest - apartMs}::float8 / 1000)`
    yield* sql`
        UPDATE rollup_watermarks
        SET up_to = date_trunc(CASE name WHEN 'daily' THEN 'day' ELSE 'hour' END,
          to_timestamp(${newest - lastSlot * apartMs}::float8 / 1000), 'UTC'), done_to = NULL`
    const rollUp = Effect.flatMap(Housekeeping, (housekeeping) => housekeeping.rollUp)
    yield* Effect.repeat(rollUp, { while: (written) => written > 0 }).pipe(
      Effect.provide(Layer.provide(Housekeeping.layer, patientClient(databaseUrl, 1))),
    )
    yield* sql`VACUUM (ANALYZE)`
  })

  return { api: { pid: api.pid, port }, databasePid, databaseUrl, ids, reader, writer, fill, url }
})
