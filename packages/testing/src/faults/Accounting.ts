import { type Breach, breach } from "./Breach.ts"
import { jobOfRow } from "./JobKey.ts"

/** A row of `check_results`, by its key (`rowKey`). */
export interface StoredRow {
  readonly key: string
  readonly status: string
  /** Whether its check was run; not so where the job had expired, or was given up. */
  readonly isChecked: boolean
}

/** Rows that must be there and are not, and are nowhere set aside either. */
export const lostRows = (
  scheduled: ReadonlySet<string>,
  stored: ReadonlyArray<StoredRow>,
  setAside: ReadonlySet<string>,
): ReadonlyArray<string> => {
  const keys = new Set(stored.map(({ key }) => key))
  return [...scheduled].filter((key) => !keys.has(key) && !setAside.has(key))
}

/** Rows of jobs that nobody put on the stream, not even by a call that failed. */
export const phantomRows = (attempted: ReadonlySet<string>, stored: ReadonlyArray<StoredRow>): ReadonlyArray<string> =>
  stored.filter(({ key }) => !attempted.has(key)).map(({ key }) => key)

/** Keys that more than one row has. */
export const doubledRows = (stored: ReadonlyArray<StoredRow>): ReadonlyArray<string> => {
  const seen = new Set<string>()
  const doubled = new Set<string>()
  for (const { key } of stored) {
    if (seen.has(key)) doubled.add(key)
    seen.add(key)
  }
  return [...doubled]
}

/** How many requests a job's target got beyond one for each row whose check was run, by job; only those that are above 0. */
export const executedTwice = (
  hits: ReadonlyMap<string, number>,
  stored: ReadonlyArray<StoredRow>,
): ReadonlyMap<string, number> => {
  const rows = new Map<string, number>()
  for (const { isChecked, key } of stored) {
    if (isChecked) rows.set(jobOfRow(key), (rows.get(jobOfRow(key)) ?? 0) + 1)
  }
  const more = new Map<string, number>()
  for (const [job, count] of hits) {
    const beyond = count - (rows.get(job) ?? 0)
    if (beyond > 0) more.set(job, beyond)
  }
  return more
}

/** Rows that say a target is up which was never asked; one that is down may not have been reached. */
export const neverAsked = (
  hits: ReadonlyMap<string, number>,
  stored: ReadonlyArray<StoredRow>,
): ReadonlyArray<string> =>
  stored.filter(({ key, status }) => status === "Up" && !hits.has(jobOfRow(key))).map(({ key }) => key)

/** I1: what was scheduled is stored (expired and given up are stored as such), or set aside. */
export const noLoss = (lost: ReadonlyArray<string>): ReadonlyArray<Breach> => breach("I1 no loss", "lost", lost)

/** I2: what is stored was scheduled. */
export const noPhantom = (phantom: ReadonlyArray<string>): ReadonlyArray<Breach> =>
  breach("I2 no phantom", "stored and never scheduled", phantom)

/** I3: one row for each job and region. */
export const noDouble = (doubled: ReadonlyArray<string>): ReadonlyArray<Breach> =>
  breach("I3 no double", "stored twice", doubled)
