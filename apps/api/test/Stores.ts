import type { SqlClient } from "@effect/sql/SqlClient"
import { type ApiStores, apiStoresLayer } from "@uptime/api/ApiStores"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { ResultStore } from "@uptime/persistence/ResultStore"
import * as TestDatabase from "@uptime/testing/TestDatabase"
import { Effect, Layer, Redacted } from "effect"

/** The real stores on a PostgreSQL. */
export const storesAt = (url: string): Layer.Layer<ApiStores | ResultStore | SqlClient> =>
  apiStoresLayer.pipe(
    Layer.provideMerge(ResultStore.layer),
    Layer.provideMerge(
      PostgresSql.layer({ url: Redacted.make(url), applicationName: "uptime-api-test", maxConnections: 8 }),
    ),
    Layer.orDie,
  )

/** The real stores on a fresh database, dropped with the scope. */
export const freshStores = Effect.map(TestDatabase.migratedDatabase, storesAt)
