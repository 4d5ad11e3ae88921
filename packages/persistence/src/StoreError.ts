import { Data } from "effect"

/**
 * Why the database did not do what was asked.
 *
 * - `unavailable`: away, restarting, out of connections or disk, or too slow (SQLSTATE 08, 53, 57P; socket errors;
 *   time-outs): keep what you hold and try again
 * - `conflict`: serialization failure, deadlock or lock time-out (40001, 40P01, 55P03): try again at once
 * - `data`: it refuses a value (22, 23): the same call fails for ever
 * - `bug`: anything else (42…): our statement or a schema that is behind
 */
export class StoreError extends Data.TaggedError("StoreError")<{
  readonly reason: "unavailable" | "conflict" | "data" | "bug"
  readonly operation: string
  readonly cause: unknown
}> {
  override get message(): string {
    return `${this.operation}: the database answered "${this.reason}"`
  }
}
