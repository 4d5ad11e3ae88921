import { type Breach, breach } from "./Breach.ts"

/** What a worker said it did, in its order. */
export interface WorkerStep {
  /** Which process: a name that no two lives share. */
  readonly worker: string
  readonly step: "stored" | "setAside" | "acknowledging"
  /** Whose, as `rowKey`. */
  readonly rows: ReadonlyArray<string>
}

/** I4: a worker acknowledges no job before its result is committed, or set aside. */
export const storedBeforeAcknowledged = (steps: ReadonlyArray<WorkerStep>): ReadonlyArray<Breach> => {
  const done = new Map<string, Set<string>>()
  const early: Array<string> = []
  for (const { rows, step, worker } of steps) {
    const own = done.get(worker) ?? new Set()
    done.set(worker, own)
    for (const row of rows) {
      if (step !== "acknowledging") own.add(row)
      else if (!own.has(row)) early.push(`${row} by ${worker}`)
    }
  }
  return breach("I4 store before acknowledge", "acknowledged before they were stored", early)
}
