import type { SqlClient } from "@effect/sql/SqlClient"
import { Monitors } from "@uptime/persistence/Monitors"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { Results } from "@uptime/persistence/Results"
import { Users } from "@uptime/persistence/Users"
import * as TestDatabase from "@uptime/testing/TestDatabase"
import { Effect, Layer, Redacted } from "effect"

/** The real stores on a PostgreSQL. */
export const storesAt = (url: string): Layer.Layer<Users | Monitors | Results | ResultStore | SqlClient> =>
  Layer.mergeAll(Users.layer, Monitors.layer, Results.layer, ResultStore.layer).pipe(
    Layer.provideMerge(
      PostgresSql.layer({ url: Redacted.make(url), applicationName: "uptime-api-test", maxConnections: 8 }),
    ),
    Layer.orDie,
  )

/** The real stores on a fresh database, dropped with the scope. */
export const freshStores = Effect.map(TestDatabase.migratedDatabase, storesAt)
