import * as Fs from "node:fs"
import { Schema } from "effect"
import type { WorkerStep } from "../../packages/testing/src/faults/CommitOrder.ts"
import { rowKey } from "../../packages/testing/src/faults/JobKey.ts"

/** A line of a journal: what a process of ours says it does, before or after it did. */
export const JournalEntry = Schema.Struct({
  /** Milliseconds since the epoch. */
  at: Schema.Number,
  /** `publishing` and `published` name jobs (`jobKey`), the others rows (`rowKey`). */
  step: Schema.Literal("publishing", "published", "read", "stored", "setAside", "acknowledging"),
  keys: Schema.Array(Schema.String),
})
export type JournalEntry = typeof JournalEntry.Type

/** What is known to have been put on the stream, and what was tried. Rows, as `rowKey`. */
export class Book {
  readonly scheduled = new Set<string>()
  readonly attempted = new Set<string>()
  readonly regions: ReadonlyArray<string>

  constructor(regions: ReadonlyArray<string>) {
    this.regions = regions
  }

  /** Jobs that are about to be published. */
  attempt(jobs: Iterable<string>): void {
    for (const job of jobs) for (const region of this.regions) this.attempted.add(rowKey(job, region))
  }

  /** Jobs that the stream said it has. */
  schedule(jobs: Iterable<string>): void {
    for (const job of jobs) for (const region of this.regions) this.scheduled.add(rowKey(job, region))
  }
}

const decodeEntry = Schema.decodeUnknownSync(Schema.parseJson(JournalEntry))

/** The lines of a journal; a last one that its process was killed in is left out. */
export const readJournal = (path: string): ReadonlyArray<JournalEntry> => {
  if (!Fs.existsSync(path)) return []
  const lines = Fs.readFileSync(path, "utf8").split("\n")
  return lines.slice(0, -1).map((line) => decodeEntry(line))
}

/** What the journal of a worker says of I4. */
export const workerSteps = (worker: string, entries: ReadonlyArray<JournalEntry>): ReadonlyArray<WorkerStep> =>
  entries.flatMap(({ keys, step }) =>
    step === "stored" || step === "setAside" || step === "acknowledging" ? [{ worker, step, rows: keys }] : [],
  )
