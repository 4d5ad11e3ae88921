import { Effect, Fiber } from "effect"
import pg from "pg"
import { recovered, recoveredAfter } from "../../../packages/testing/src/faults/Recovery.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { republished } from "../Republished.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"
import type { World } from "../World.ts"

/** Every session that the server still has room for, for so many milliseconds; those of the product are ended first. */
const takeAllSessions = ({ postgres, sql }: World, ms: number): Effect.Effect<number, unknown> =>
  Effect.scoped(
    Effect.gen(function* () {
      const taken: Array<pg.Client> = []
      yield* Effect.addFinalizer(() => Effect.promise(() => Promise.allSettled(taken.map((client) => client.end()))))
      const take = Effect.tryPromise(async () => {
        const client = new pg.Client(`postgres://postgres@127.0.0.1:${postgres.port}/postgres`)
        client.on("error", () => {})
        await client.connect()
        taken.push(client)
      })
      // Those that are ended come back at once for what is left: the second time little is.
      for (let time = 0; time < 3; time++) {
        yield* sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'uptime-%'`
        yield* take.pipe(Effect.forever, Effect.ignore)
      }
      yield* Effect.sleep(ms)
      return taken.length
    }),
  )

const setReadOnly = Effect.fnUntraced(function* ({ sql }: World, isReadOnly: boolean): Effect.fn.Return<void, unknown> {
  yield* sql`ALTER SYSTEM SET default_transaction_read_only = ${sql.literal(isReadOnly ? "on" : "off")}`
  yield* sql`SELECT pg_reload_conf()`
})

/** No result can be written, and the server says why as it does when its disk is full. */
const setFull = ({ sql }: World, isFull: boolean): Effect.Effect<void, unknown> =>
  isFull
    ? sql.unsafe(`
        CREATE OR REPLACE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
        END $$;
        CREATE TRIGGER disk_is_full BEFORE INSERT ON check_results FOR EACH STATEMENT EXECUTE FUNCTION disk_is_full()`)
    : sql`DROP TRIGGER disk_is_full ON check_results`

/** The database is there and refuses: no session is left for us, then it is read-only, then its disk is full. */
export const postgresRefuses: Fault = {
  id: "F19",
  name: "PostgreSQL out of sessions, read-only, its disk full",
  promise: "as if it were away: what is held is kept and stored once; recovers within 30 s",
  world: { postgresFlags: ["-c", "max_connections=40"] },
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, regions, samples } = world
    const load = yield* jobLoad(world, 300)
    const monitors = yield* monitorLoad(world, 30)
    yield* startAll([
      ...regions.map((region) => apps.worker(region, { observed: true })),
      apps.producer({ observed: true }),
    ])
    yield* load.untilStored
    const seconds = isWhole ? 30 : 12
    const took: Array<number | null> = []
    let taken = 0
    for (const refuse of [
      Effect.flatMap(takeAllSessions(world, seconds * 1_000), (count) =>
        Effect.sync(() => {
          taken = count
        }),
      ),
      ...[setReadOnly, setFull].map((set) =>
        Effect.all([set(world, true), Effect.sleep(seconds * 1_000), set(world, false)], { discard: true }),
      ),
    ]) {
      const loading = yield* Effect.forkScoped(load.run(seconds + 8, 100))
      yield* refuse
      const healed = yield* now
      yield* Fiber.join(loading)
      yield* world.quiet(30)
      yield* Effect.sleep("3 seconds")
      took.push(recoveredAfter(samples.backlogs, healed))
    }
    const isQuiet = yield* monitors.rest
    const slowest = took.includes(null) ? null : Math.max(...took.map(Number))
    return yield* rowOf(postgresRefuses, world, {
      recoverMs: slowest,
      twiceAtMost: regions.length * republished(world),
      breaches: [
        ...expect("everything is stored", isQuiet, "entries still pending after 30 s"),
        ...expect("there was no session left", taken > 10, `${taken} taken`),
        ...recovered(slowest, 30_000),
      ],
      remarks: [
        `kept up again ${took[0]} ms after ${taken} sessions were given back, ${took[1]} ms after it could be written to, ${took[2]} ms after there was space`,
      ],
    })
  }),
}
