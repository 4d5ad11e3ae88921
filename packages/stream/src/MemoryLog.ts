import type { Job } from "@uptime/domain/Job"
import type { EntryId } from "./CheckStream.ts"

/** An entry of a stream in memory. `position` counts all entries that there ever were; `at` is milliseconds since the epoch. */
export interface MemoryEntry {
  readonly position: number
  readonly at: number
  readonly id: EntryId
  readonly job: Job
}

/** The entries of a stream in memory, in order; those at the beginning are removed. */
export interface MemoryLog {
  /** The position of the first entry; that of the next one to come where there is none. */
  readonly start: () => number
  /** The position of the next entry to come. */
  readonly end: () => number
  readonly append: (job: Job, now: number) => void
  readonly at: (position: number) => MemoryEntry | undefined
  /** The position of the first entry that is no older than a time in milliseconds since the epoch. */
  readonly firstSince: (time: number) => number
  /** Whether the entry of an id is there. */
  readonly has: (id: EntryId) => boolean
  /** Removes the entries before a position, and gives how many those were. */
  readonly trim: (position: number) => number
}

/** Entries removed from the front of the array stay as holes until there are this many and half of it is holes. */
const holesBeforeCopy = 1_024

export const make = (): MemoryLog => {
  let entries: Array<MemoryEntry | undefined> = []
  let offset = 0
  let start = 0
  let lastMs = 0
  let sequence = 0

  const end = () => offset + entries.length
  const at = (position: number) => entries[position - offset]

  /** The first position from `start` on whose entry is not before what is looked for. */
  const search = (isBefore: (entry: MemoryEntry) => boolean): number => {
    let low = start
    let high = end()
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const entry = at(middle)
      if (entry !== undefined && isBefore(entry)) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    start: () => start,
    end,
    at,
    append: (job, now) => {
      sequence = now > lastMs ? 0 : sequence + 1
      lastMs = Math.max(now, lastMs)
      entries.push({ position: end(), at: lastMs, id: `${lastMs}-${sequence}`, job })
    },
    firstSince: (time) => search((entry) => entry.at < time),
    has: (id) => {
      const [ms = Number.NaN, seq = Number.NaN] = id.split("-").map(Number)
      const found = at(
        search(
          (entry) => entry.at < ms || (entry.at === ms && Number(entry.id.slice(entry.id.indexOf("-") + 1)) < seq),
        ),
      )
      return found?.id === id
    },
    trim: (position) => {
      const next = Math.min(Math.max(position, start), end())
      const removed = next - start
      for (let i = start; i < next; i++) entries[i - offset] = undefined
      start = next
      const holes = start - offset
      if (holes >= holesBeforeCopy && holes * 2 >= entries.length) {
        entries = entries.slice(holes)
        offset = start
      }
      return removed
    },
  }
}
