import { openSync, writeSync } from "node:fs"
import { Config, Effect } from "effect"
import { plan } from "../../../packages/testing/src/faults/Plan.ts"
import type { JournalEntry } from "../Book.ts"

/** What a process of the harness does beyond what is shipped. */
export interface Observer {
  /** Writes down what it does, before it goes on: one that is killed has written all that it did. */
  readonly write: (step: JournalEntry["step"], keys: ReadonlyArray<string>) => Effect.Effect<void>
  /** Kills the process here, by the chance it was given, if this is the point: where no signal would meet it on purpose. */
  readonly reach: (point: string) => Effect.Effect<void>
}

/**
 * `JOURNAL`: the file to write to; `KILL_AT`: a point, or none; `KILL_CHANCE`: how probable its death there is each time;
 * `KILL_SEED`: what that is drawn from.
 */
export const observer: Effect.Effect<Observer> = Effect.gen(function* () {
  // Opened once: a process that may open nothing more can still write down what it does.
  const journal = openSync(yield* Config.string("JOURNAL"), "a")
  const point = yield* Config.withDefault(Config.string("KILL_AT"), "")
  const chance = yield* Config.withDefault(Config.number("KILL_CHANCE"), 1)
  const draws = plan(yield* Config.withDefault(Config.integer("KILL_SEED"), 1), point)
  return {
    write: (step: JournalEntry["step"], keys: ReadonlyArray<string>) =>
      Effect.sync(() => {
        if (keys.length === 0) return
        const entry: JournalEntry = { at: Date.now(), step, keys }
        writeSync(journal, `${JSON.stringify(entry)}\n`)
      }),
    reach: (reached: string) =>
      Effect.sync(() => {
        if (reached === point && draws.random() < chance) process.kill(process.pid, "SIGKILL")
      }),
  }
}).pipe(Effect.orDie)
