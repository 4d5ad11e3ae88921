import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { Account } from "./FaultWorld.ts"

/** One line per run for the log: what a person wants to know first. */
export const report = (name: string, account: Account, more: Readonly<Record<string, number>> = {}) =>
  Effect.log(name).pipe(
    Effect.annotateLogs({
      ...account,
      lost: account.scheduled - account.rows,
      executedTwice: account.hits - account.up,
      ...more,
    }),
  )

/** Every slot is exactly one row per region (the key forbids a second), and nothing is left on the stream. */
export const assertAccounted = (account: Account) => {
  assert.strictEqual(account.rows, account.scheduled)
  assert.strictEqual(account.pending, 0)
  assert.strictEqual(account.lag, 0)
  assert.strictEqual(account.dead, 0)
}
