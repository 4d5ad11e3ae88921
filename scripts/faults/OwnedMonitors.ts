import { randomUUID } from "node:crypto"
import { Effect, Schema } from "effect"
import { MonitorId } from "../../packages/domain/src/Ids.ts"
import type { World } from "./World.ts"

/** How long a check may take, in milliseconds: the default, for the targets share a busy machine with all the rest. */
export const checkTimeoutMs = 10_000

/** What the monitors of a load are. */
export interface NewMonitors {
  readonly count: number
  /** What stands before the monitor's number in its path on the farm: `ok`, `slow/250`. */
  readonly path: string
  readonly intervalSeconds: number
  /** In how many seconds they are due. */
  readonly dueInSeconds: number
}

/** An account, with a webhook to the world's receiver that is told by default; its id. */
const makeOwner = Effect.fnUntraced(function* ({ receiver, sql }: World): Effect.fn.Return<string, unknown> {
  const id = randomUUID()
  yield* sql`
      INSERT INTO users (id, email, name, password_hash, created_at, updated_at)
      VALUES (${id}, ${`${id}@example.com`}, 'Faults', '-', now(), now())`
  yield* sql`
      INSERT INTO channels (id, user_id, kind, name, config, enabled, is_default, created_at, updated_at)
      VALUES (gen_random_uuid(), ${id}, 'webhook', 'A webhook',
        ${JSON.stringify({ kind: "webhook", url: `${receiver.url}/${id}` })}::jsonb, true, true, now(), now())`
  return id
})

const decodeRows = Schema.decodeUnknown(Schema.Array(Schema.Struct({ id: MonitorId, url: Schema.String })))

/** Monitors of a new account, each with a path of its own on the farm. */
export const makeMonitors = Effect.fnUntraced(function* (
  world: World,
  { count, dueInSeconds, intervalSeconds, path }: NewMonitors,
) {
  const { farm, sql } = world
  const owner = yield* makeOwner(world)
  return yield* sql`
      INSERT INTO monitors (id, user_id, name, kind, url, interval_seconds, timeout_ms, enabled, next_check_at, created_at,
        updated_at)
      SELECT gen_random_uuid(), ${owner}, 'monitor ' || n, 'http', ${`${farm.url}/${path}/`}::text || n, ${intervalSeconds},
        ${checkTimeoutMs}, true, now() + ${dueInSeconds}::int * interval '1 second', now(), now()
      FROM generate_series(1, ${count}) n
      RETURNING id, url`.pipe(Effect.flatMap(decodeRows))
})
