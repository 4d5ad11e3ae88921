import type { SqlClient } from "@effect/sql/SqlClient"
import { Effect } from "effect"

/** What processes take turns at; the numbers are the second key of PostgreSQL's advisory locks. */
const chores = {
  migrate: 1,
  partitions: 2,
  expire: 3,
  rollUp: 4,
  sweep: 5,
  purge: 6,
  maintenance: 7,
  forgetChanges: 8,
  forgetIncidents: 9,
  forgetChannels: 10,
} as const

/** The name of something that processes take turns at. */
export type Chore = keyof typeof chores

/** The first key of every advisory lock of this project, so that they meet no other program's in a shared database. */
const lockSpace = 0x7570_7469

/**
 * Takes a chore's lock until the end of the transaction that this runs in, without waiting; whether it was free. A lock of
 * the transaction, not of the session: it cannot outlive its work, in a pool or behind a transaction pooler.
 */
export const tryLock = (sql: SqlClient, chore: Chore) =>
  sql<{
    readonly locked: boolean
  }>`SELECT pg_try_advisory_xact_lock(${lockSpace}::int, ${chores[chore]}::int) AS locked`.pipe(
    Effect.map(([row]) => row?.locked === true),
  )
