import { SqlClient } from "@effect/sql/SqlClient"
import { SqlError } from "@effect/sql/SqlError"
import { Context, Effect, FiberRef, Layer } from "effect"
import type pg from "pg"

/**
 * What nearly every request reads, by one statement, for less than a statement of `SqlClient` costs us: that one opens a scope
 * and a span each time, 24 KB of objects which the collector then goes through.
 */
export class LeanReads extends Context.Tag("@uptime/persistence/LeanReads")<
  LeanReads,
  {
    /**
     * The rows of a statement that only reads, on any connection, so never within a transaction: it would not see what that one
     * has done. Where requests are traced it is a statement of `SqlClient`, with its span. One that is interrupted is not
     * waited for, and runs to its end.
     *
     * @param statement the text, always the same, with `$1` and so on for the values
     */
    readonly rows: <Row extends object>(
      statement: string,
      values: ReadonlyArray<unknown>,
    ) => Effect.Effect<ReadonlyArray<Row>, SqlError>
  }
>() {
  /** Reads over the pool that the client has its connections from. */
  static readonly layer = (pool: pg.Pool): Layer.Layer<LeanReads, never, SqlClient> =>
    Layer.effect(
      this,
      Effect.map(SqlClient, (sql) =>
        LeanReads.of({
          rows: <Row extends object>(statement: string, values: ReadonlyArray<unknown>) =>
            Effect.withFiberRuntime<ReadonlyArray<Row>, SqlError>((fiber) =>
              fiber.getFiberRef(FiberRef.currentTracerEnabled)
                ? sql.unsafe<Row>(statement, values)
                : Effect.async((resume) => {
                    pool.query<Row>(statement, [...values], (cause, result) => {
                      // The driver gives one of them, whatever its types say.
                      resume(
                        cause instanceof Error
                          ? Effect.fail(new SqlError({ cause, message: "Failed to execute statement" }))
                          : Effect.succeed(result.rows),
                      )
                    })
                  }),
            ),
        }),
      ),
    )
}
