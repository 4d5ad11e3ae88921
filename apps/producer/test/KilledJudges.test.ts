import { SqlClient } from "@effect/sql/SqlClient"
import { assert, it } from "@effect/vitest"
import { UserId } from "@uptime/domain/Ids"
import { awaitOwnerLock } from "@uptime/persistence/OwnerLock"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { bundled, startApp } from "@uptime/testing/AppProcess"
import { eventually } from "@uptime/testing/Eventually"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Clock, Effect, Fiber, Random, Ref } from "effect"
import { incidentWorld, judgeAll, makeMonitors, makeOwner, result } from "./IncidentWorld.ts"

const minute = 60_000
const owners = 4
const monitorsPerOwner = 60
const waves = 10
const wantedKills = 4

/** What became of a storm, without names and instants: incidents by what was done of each, and what waits. */
const outcome = Effect.gen(function* () {
  const sql = yield* SqlClient
  const incidents = yield* sql<{ readonly what: string; readonly n: number }>`
    SELECT what, count(*)::int AS n FROM (
      SELECT concat_ws(' ', resolved_at IS NOT NULL, severity,
        (SELECT count(*) FROM incident_monitors WHERE incident_id = id),
        (SELECT string_agg(kind, ',' ORDER BY at, incident_updates.id) FROM incident_updates WHERE incident_id = incidents.id),
        (SELECT string_agg(change, ',' ORDER BY alert_outbox.id) FROM alert_outbox WHERE incident_id = incidents.id)) AS what
      FROM incidents
    ) AS each GROUP BY what ORDER BY what`
  const [changes] = yield* sql<{ readonly judged: number; readonly waiting: number }>`
    SELECT (count(*) FILTER (WHERE judged))::int AS judged, (count(*) FILTER (WHERE NOT judged))::int AS waiting
    FROM status_changes`
  return { incidents, changes }
})

/** Lets a minute pass for the incidents of owners, at once and at no judge's turn: half of it would be another world. */
const aMinuteLater = (people: ReadonlyArray<string>) =>
  Effect.flatMap(SqlClient, (sql) =>
    sql.withTransaction(
      Effect.gen(function* () {
        yield* Effect.forEach(people, (owner) => awaitOwnerLock(sql, UserId.make(owner)))
        yield* sql`
          UPDATE incidents SET tell_at = tell_at - interval '1 minute', look_at = look_at - interval '1 minute'
          WHERE look_at IS NOT NULL`
        yield* sql`UPDATE incident_monitors SET news_at = news_at - interval '1 minute'`
      }),
    ),
  )

/** The judges that a storm is left to: what brings it to its end. */
type Judges<R> = Effect.Effect<void, never, R>

/**
 * A storm of changes: every monitor goes down, in waves, and when the first messages were decided on, half of them come back,
 * in waves.
 *
 * @param settled waits until judges have judged all there is
 */
const storm = <R>(settled: Judges<R>) =>
  Effect.gen(function* () {
    const store = yield* ResultStore
    const base = (yield* Clock.currentTimeMillis) - 30 * minute
    const people = yield* Effect.replicateEffect(makeOwner("http://127.0.0.1:1/"), owners)
    const ids = (yield* Effect.forEach(people, (owner) => makeMonitors(owner, monitorsPerOwner))).flat()
    const inWaves = (slot: number, status: "Up" | "Down", some: typeof ids) =>
      Effect.forEach(
        Array.from({ length: waves }, (_, wave) => some.filter((_, i) => i % waves === wave)),
        (wave) =>
          store
            .insert(wave.flatMap((id) => [0, 1].map((n) => result(id, "USA", base + (slot + n) * minute, status))))
            .pipe(Effect.zipRight(Effect.sleep("30 millis"))),
        { discard: true },
      )
    yield* inWaves(0, "Up", ids)
    yield* inWaves(2, "Down", ids)
    yield* settled
    yield* aMinuteLater(people)
    yield* settled
    yield* inWaves(
      4,
      "Up",
      ids.filter((_, i) => i % 2 === 0),
    )
    yield* settled
    return yield* outcome
  })

it.scopedLive(
  "judges killed at random in a storm of changes: every change is judged once, and the outcome is that of a calm day",
  () =>
    Effect.gen(function* () {
      const calm = yield* Effect.flatMap(migratedDatabase, (url) =>
        Effect.provide(storm(Effect.orDie(judgeAll)), incidentWorld(url)),
      )

      const url = yield* migratedDatabase
      const bundle = yield* bundled(new URL("./stormedJudge.ts", import.meta.url))
      const kills = yield* Ref.make(0)
      const keepKilling = Effect.gen(function* () {
        const judge = yield* startApp(bundle, { DATABASE_URL: url, LOG_FORMAT: "json" })
        yield* judge.awaitOutput("judge has started")
        yield* Effect.sleep(yield* Random.nextIntBetween(50, 600))
        yield* judge.kill()
        yield* judge.ended
        yield* Ref.update(kills, (n) => n + 1)
      }).pipe(Effect.scoped, Effect.forever)
      const killed = yield* Effect.gen(function* () {
        const sql = yield* SqlClient
        const nothingWaits = sql<{ readonly n: number }>`
          SELECT ((SELECT count(*) FROM status_changes WHERE NOT judged)
            + (SELECT count(*) FROM incidents WHERE look_at <= now()))::int AS n`
        const settled = Effect.asVoid(
          eventually(nothingWaits, ([row]) => row?.n === 0, "30 seconds").pipe(Effect.orDie),
        )
        const killers = yield* Effect.all([Effect.forkScoped(keepKilling), Effect.forkScoped(keepKilling)])
        const ended = yield* storm(settled)
        yield* eventually(Ref.get(kills), (n) => n >= wantedKills, "20 seconds")
        yield* Fiber.interruptAll(killers)
        return ended
      }).pipe(Effect.provide(incidentWorld(url)))

      assert.isAtLeast(yield* Ref.get(kills), wantedKills)
      assert.deepStrictEqual(killed, calm)
      assert.strictEqual(calm.changes?.waiting, 0)
      assert.deepStrictEqual(
        calm.incidents.map(({ n, what }) => [what, n]),
        [
          ["f Down 1 opened opened", 120],
          ["t Down 1 opened,resolved opened,resolved", 120],
        ],
      )
    }),
  90_000,
)
