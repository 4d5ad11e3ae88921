import type { EntryId } from "./CheckStream.ts"

/**
 * The ids that a consumer handed out and that are not acknowledged yet. Bounded: beyond the capacity the oldest is let go,
 * which at worst makes a job run twice.
 */
export interface InFlight {
  readonly has: (id: EntryId) => boolean
  readonly add: (id: EntryId) => void
  readonly delete: (id: EntryId) => void
}

/** @param capacity the most ids to hold */
export const make = (capacity: number): InFlight => {
  const ids = new Set<EntryId>()
  return {
    has: (id) => ids.has(id),
    add: (id) => {
      ids.add(id)
      if (ids.size <= capacity) return
      for (const oldest of ids) {
        ids.delete(oldest)
        return
      }
    },
    delete: (id) => {
      ids.delete(id)
    },
  }
}
