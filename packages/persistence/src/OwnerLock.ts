import type { SqlClient } from "@effect/sql/SqlClient"
import type { UserId } from "@uptime/domain/Ids"
import { fnv1a } from "@uptime/domain/Slot"
import { Effect } from "effect"

/** The first key of the locks of owners; `ChoreLock` has another. */
const lockSpace = 0x7570_6f77

/**
 * Takes the turn at judging an owner until the end of the transaction that this runs in, without waiting.
 *
 * The key is a hash of the owner: two owners that share one take turns too, which costs a moment and breaks nothing.
 *
 * @returns the database's clock at that instant, in whole milliseconds since the epoch; null when another has the turn
 */
export const tryOwnerLock = (sql: SqlClient, userId: UserId) =>
  sql<{ readonly locked: boolean; readonly now: number }>`
    SELECT pg_try_advisory_xact_lock(${lockSpace}::int, ${fnv1a(userId) | 0}::int) AS locked,
      floor(date_part('epoch', clock_timestamp()) * 1000) AS now`.pipe(
    Effect.map(([row]) => (row?.locked === true ? row.now : null)),
  )

/** Waits for the turn at an owner, for what must not come between the reading of a judgement and its writing. */
export const awaitOwnerLock = (sql: SqlClient, userId: UserId) =>
  sql`SELECT pg_advisory_xact_lock(${lockSpace}::int, ${fnv1a(userId) | 0}::int)`
