import { Effect, Option } from "effect"
import pg from "pg"
import { schemaVersion } from "../../../packages/persistence/src/Migrations.ts"
import type { Fault } from "../Fault.ts"
import { expect, rowOf } from "../rowOf.ts"
import type { World } from "../World.ts"

/** Processes that migrate one database at the same time. */
const atOnce = 4

/** Everything that a schema consists of, as one text. */
const fingerprint = `
  SELECT string_agg(line, E'\\n' ORDER BY line) AS text FROM (
    SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) AS line
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'migration ' || migration_id FROM schema_migrations
  ) AS lines`

const ask = ({ postgres }: World, database: string, text: string): Effect.Effect<string, Error> =>
  Effect.tryPromise({
    try: async () => {
      const client = new pg.Client(`postgres://postgres@127.0.0.1:${postgres.port}/${database}`)
      await client.connect()
      try {
        return String((await client.query<{ text: string }>(text)).rows[0]?.text)
      } finally {
        await client.end()
      }
    },
    catch: (cause) => (cause instanceof Error ? cause : new Error(String(cause))),
  })

/**
 * Four processes migrate an empty database at once, again and again; in every second round one of them, or all, are killed in
 * the middle of it, and one is started afterwards.
 */
export const migrationRace: Fault = {
  id: "F21",
  name: "migrations raced and killed",
  promise: "whoever is not killed ends with code 0, and the schema is the same as one that nothing happened to",
  limitSeconds: 900,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, plan, sql } = world
    const wanted = yield* ask(world, "postgres", fingerprint)
    const rounds = isWhole ? 50 : 6
    let killed = 0
    const wrong: Array<string> = []
    for (let round = 0; round < rounds; round++) {
      const database = `race${round}`
      yield* sql`CREATE DATABASE ${sql(database)} TEMPLATE template0`
      const start = apps.migrate(database)
      const victims = round % 2 === 0 ? 0 : plan.pick([1, 1, atOnce])
      yield* Effect.gen(function* () {
        const processes = yield* Effect.all(Array.from({ length: atOnce }, () => start))
        yield* Effect.sleep(plan.between(250, 900))
        for (const process of processes.slice(0, victims)) yield* process.kill()
        const codes = yield* Effect.forEach(processes, ({ ended }) => ended)
        killed += codes.filter(Option.isNone).length
        const failed = codes.slice(victims).filter((code) => Option.getOrNull(code) !== 0)
        if (failed.length > 0) wrong.push(`round ${round}: ${failed.length} did not end with code 0`)
        if (victims === atOnce) {
          const code = yield* Effect.flatMap(start, ({ ended }) => ended)
          if (Option.getOrNull(code) !== 0) wrong.push(`round ${round}: not migrated after all were killed`)
        }
      }).pipe(Effect.scoped)
      const found = yield* ask(world, database, fingerprint)
      if (found !== wanted) wrong.push(`round ${round}: another schema`)
      yield* sql`DROP DATABASE ${sql(database)} WITH (FORCE)`
    }
    return yield* rowOf(migrationRace, world, {
      breaches: expect("everybody ends, and the schema is exact", wrong.length === 0, wrong.slice(0, 5).join("; ")),
      remarks: [`${rounds} rounds of ${atOnce} to version ${schemaVersion}, ${killed} killed in the middle`],
    })
  }),
}
