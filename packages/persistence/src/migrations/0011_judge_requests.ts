import { SqlClient } from "@effect/sql"
import { Effect } from "effect"

/** The judge is asked to look at what was set anew, messages say why an incident is over, and windows ended early stay so. */
export const judgeRequests = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // monitor_id: to be looked at though no status changed; null for no more than the owner's open incidents. Without foreign
  // keys, so that whoever asks waits for nobody: what has gone meanwhile is passed over.
  yield* sql`
    CREATE TABLE judge_requests (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      user_id uuid NOT NULL,
      monitor_id uuid,
      asked_at timestamptz NOT NULL DEFAULT now()
    ) WITH (autovacuum_vacuum_scale_factor = 0.05)`
  yield* sql`CREATE INDEX judge_requests_of_user ON judge_requests (user_id, id)`

  // resolution: why it is over where its monitors are not simply well again, or what whoever resolved it by hand wrote.
  yield* sql`ALTER TABLE incidents ADD COLUMN resolution text`

  // All windows of a maintenance that were ended early are remembered, and not the last one alone.
  yield* sql`
    UPDATE maintenances SET plan = jsonb_set(plan, '{endedEarly}', jsonb_build_array(plan->'endedEarly'))
    WHERE jsonb_typeof(plan->'endedEarly') = 'object'`
})
