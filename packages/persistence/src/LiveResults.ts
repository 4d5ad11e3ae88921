import { SqlClient } from "@effect/sql/SqlClient"
import type { UserId } from "@uptime/domain/Ids"
import { Context, Effect, Layer } from "effect"
import { type OwnedChange, type OwnedResult, type ResultKey, readLately, readOwned } from "./LiveReads.ts"
import { failAs } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** What people who are looking right now are shown of what was just stored. */
export class LiveResults extends Context.Tag("@uptime/persistence/LiveResults")<
  LiveResults,
  {
    /** The results of these keys (at most 1,000) that belong to these owners, in the order of the keys, with whose they are. */
    readonly owned: (
      userIds: ReadonlyArray<UserId>,
      keys: ReadonlyArray<ResultKey>,
    ) => Effect.Effect<ReadonlyArray<OwnedResult>, StoreError>
    /** What happened to these owners' things within the last seconds, for whoever may have missed word of it. */
    readonly lately: (userIds: ReadonlyArray<UserId>) => Effect.Effect<
      {
        readonly keys: ReadonlyArray<ResultKey>
        readonly changes: ReadonlyArray<OwnedChange>
      },
      StoreError
    >
  }
>() {
  /** Those of a database. */
  static readonly layer: Layer.Layer<LiveResults, never, SqlClient> = Layer.effect(
    LiveResults,
    Effect.map(SqlClient, (sql) =>
      LiveResults.of({
        owned: (userIds, keys) => failAs("LiveResults.owned")(readOwned(sql, userIds, keys)),
        lately: (userIds) => failAs("LiveResults.lately")(readLately(sql, userIds)),
      }),
    ),
  )
}
