import type { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import { MonitorNotFound } from "@uptime/domain/Errors"
import type { HeartbeatAddresses } from "@uptime/domain/Heartbeat"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { Data, Effect } from "effect"
import { constraintOf } from "./SqlState.ts"

/** Another heartbeat, of anybody's, has this token or id. */
export class AddressTaken extends Data.TaggedError("AddressTaken")<{ readonly field: "token" | "pingId" }> {}

/** Gives a heartbeat of an owner's those addresses that are named. */
export const writeAddresses = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  monitorId: MonitorId,
  { pingId, token }: HeartbeatAddresses,
) {
  const rows = yield* sql`
    UPDATE heartbeats SET token = coalesce(${token ?? null}::text, token), ping_id = coalesce(${pingId ?? null}::uuid, ping_id)
    FROM monitors
    WHERE monitors.id = monitor_id AND monitor_id = ${monitorId} AND user_id = ${userId}
    RETURNING monitor_id`.pipe(addressTaken)
  if (rows.length === 0) yield* MonitorNotFound.for(monitorId)
})

const fields: Readonly<Record<string, AddressTaken["field"]>> = {
  heartbeats_token_key: "token",
  heartbeats_ping_id_key: "pingId",
}

const addressTaken = <A, R>(effect: Effect.Effect<A, SqlError, R>) =>
  Effect.catchAll(effect, (error): Effect.Effect<never, SqlError | AddressTaken> => {
    const field = fields[constraintOf(error) ?? ""]
    return field === undefined ? Effect.fail(error) : new AddressTaken({ field })
  })
