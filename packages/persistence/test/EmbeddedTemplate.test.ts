import { join } from "node:path"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import * as EmbeddedSql from "../src/EmbeddedSql.ts"
import { dumpTemplate } from "../src/EmbeddedTemplate.ts"
import { migrate } from "../src/Migrations.ts"
import { daysAhead } from "../src/Partitions.ts"
import { temporaryFolder } from "./Backends.ts"

it.scopedLive(
  "the template of a new embedded database has the whole schema, and no day of its own",
  () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const template = join(folder, "database.tar.gz")
      yield* dumpTemplate(template)
      yield* Effect.provide(
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const days = sql<{ readonly name: string }>`
            SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
            WHERE inhparent = 'check_results'::regclass ORDER BY name`
          assert.deepStrictEqual(yield* days, [{ name: "check_results_default" }])
          assert.deepStrictEqual(yield* migrate, [], "nothing is left to apply")
          assert.lengthOf(yield* days, 1 + 1 + 1 + daysAhead, "yesterday, today, and the days ahead")
        }),
        EmbeddedSql.layer({ dataDir: join(folder, "data"), template }),
      )
    }),
  60_000,
)
