import { totalmem } from "node:os"
import { SqlClient } from "@effect/sql/SqlClient"
import { Context, Effect, Layer, Option, Redacted } from "effect"
import { migrate } from "../../packages/persistence/src/Migrations.ts"
import * as PostgresSql from "../../packages/persistence/src/PostgresSql.ts"
import { startPostgres } from "../../packages/testing/src/Servers.ts"

/** Shared buffers by the usual rule, a quarter of the memory, but no more than an installation of this size would have. */
const sharedBuffersMB = Math.round(Math.min(totalmem() / 4, 4 * 2 ** 30) / 2 ** 20)

/** What makes the tests' PostgreSQL one that keeps its promises over a loss of power, as that of an installation does. */
const asInProduction = {
  fsync: "on",
  full_page_writes: "on",
  wal_level: "replica",
  max_wal_size: "8GB",
  checkpoint_timeout: "5min",
  shared_buffers: `${sharedBuffersMB}MB`,
  maintenance_work_mem: "512MB",
}

/** A client without limits of time, for what fills and asks a whole database. */
export const patientClient = (url: string, maxConnections: number) =>
  PostgresSql.layer({ url: Redacted.make(url), applicationName: "bench", maxConnections, patient: true })

/** A client as the apps have it. */
export const appClient = (url: string, maxConnections: number) =>
  PostgresSql.layer({ url: Redacted.make(url), applicationName: "bench", maxConnections })

/** A PostgreSQL of the benchmark's own, on the disk and durable, with the schema, a user, and its partitions to come. */
export const startDatabase = Effect.gen(function* () {
  const flags = Object.entries(asInProduction).flatMap(([name, value]) => ["-c", `${name}=${value}`])
  const server = yield* startPostgres({ onDisk: true, flags })
  const context = yield* Layer.build(patientClient(server.url, 4))
  yield* Effect.provide(migrate, context)
  const pid = Option.getOrElse(yield* server.pid, () => 0)
  return { url: server.url, pid, sql: Context.get(context, SqlClient) }
})
