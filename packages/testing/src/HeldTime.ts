import * as PgClient from "@effect/sql-pg/PgClient"
import { Clock, Context, Effect, Layer, Redacted, type Scope } from "effect"
import { inRealTime } from "./ServerProcess.ts"

/** A time that stands still until the test moves it, the same for effects and for a database. */
export interface HeldTime {
  /** For `Effect.withClock`: it tells the held time, and what sleeps on it sleeps in real time, as sockets need. */
  readonly clock: Clock.Clock
  /** Moves the time to an instant, in milliseconds since the epoch. */
  readonly goTo: (at: number) => Effect.Effect<void>
}

/**
 * Holds the time of a database of the test's own, for every session that begins after this: `now()` and
 * `clock_timestamp()` are the held time, also where they are the default of a column. `CURRENT_TIMESTAMP` is not.
 *
 * @param url the database's
 * @param at the time to begin with, in milliseconds since the epoch
 */
export const holdTime = (url: string, at: number): Effect.Effect<HeldTime, never, Scope.Scope> =>
  Effect.gen(function* () {
    const own = yield* Layer.build(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 }))
    const sql = Context.get(own, PgClient.PgClient)
    yield* replaceClocks(sql)
    let held = at
    const goTo = (next: number) =>
      sql`UPDATE held_time SET at = to_timestamp(${next}::float8 / 1000)`.pipe(
        Effect.tap(() => {
          held = next
        }),
        Effect.asVoid,
        Effect.orDie,
        inRealTime,
      )
    yield* goTo(at)
    const nanos = () => BigInt(held) * 1_000_000n
    const real = Clock.make()
    const clock: Clock.Clock = {
      [Clock.ClockTypeId]: Clock.ClockTypeId,
      unsafeCurrentTimeMillis: () => held,
      unsafeCurrentTimeNanos: nanos,
      currentTimeMillis: Effect.sync(() => held),
      currentTimeNanos: Effect.sync(nanos),
      sleep: (duration) => real.sleep(duration),
    }
    return { clock, goTo }
  }).pipe(Effect.orDie, inRealTime)

/** Functions of the same names, in a schema that is looked in before that of the system. */
const replaceClocks = Effect.fnUntraced(function* (sql: PgClient.PgClient) {
  yield* sql`CREATE TABLE held_time AS SELECT now() AS at`
  for (const name of ["now", "clock_timestamp"]) {
    yield* sql.unsafe(`
        CREATE FUNCTION public.${name}() RETURNS timestamptz LANGUAGE sql STABLE
        AS 'SELECT at FROM public.held_time'`)
  }
  // A default means the function that there was when it was written.
  yield* sql`
    DO $$
    DECLARE made record;
    BEGIN
      FOR made IN
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_default = 'now()'
      LOOP
        EXECUTE format('ALTER TABLE %I ALTER %I SET DEFAULT public.now()', made.table_name, made.column_name);
      END LOOP;
      EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
    END $$`
})
