import * as PgClient from "@effect/sql-pg/PgClient"
import { UserId } from "@uptime/domain/Ids"
import { Effect, Redacted } from "effect"
import { insertIncident } from "../Incidents.ts"
import type { FuzzOptions } from "./Fuzz.ts"

/** Gives people incidents, which no call of the API makes: a few in the database that an api stands on. */
export const incidentsIn =
  (databaseUrl: string): FuzzOptions["prepare"] =>
  (userId, belongings) =>
    Effect.forEach(
      [1, 2, 3, 4],
      (n) => Effect.map(insertIncident(UserId.make(userId), `Incident ${n}`), (id) => belongings.made("incidents", id)),
      { discard: true },
    ).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(databaseUrl), maxConnections: 1 })), Effect.orDie)
