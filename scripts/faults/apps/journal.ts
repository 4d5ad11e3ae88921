import { appendFileSync } from "node:fs"
import type { JournalEntry } from "../Book.ts"

/** Writes down what a process does, each line before it goes on: one that is killed has written all it did. */
export type Journal = (step: JournalEntry["step"], keys: ReadonlyArray<string>) => void

/** A journal in a file. */
export const journal =
  (path: string): Journal =>
  (step, keys) => {
    const entry: JournalEntry = { at: Date.now(), step, keys }
    appendFileSync(path, `${JSON.stringify(entry)}\n`)
  }
