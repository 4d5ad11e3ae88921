import type { Region } from "@uptime/domain/Region"
import type { Consumer } from "@uptime/stream/CheckStream"
import type { Holdings } from "./Holdings.ts"
import type { WorkerMetrics } from "./WorkerMetrics.ts"

/** What the fibers of one worker share. */
export interface WorkerContext {
  readonly region: Region
  readonly consumer: Consumer
  readonly holdings: Holdings
  readonly metrics: WorkerMetrics
}

/** Rows of one bulk insert. */
export const batchRows = 500
/** The longest a result waits for its batch to fill, in milliseconds. */
export const batchWaitMs = 500
/** Entries that a worker may hold beyond its running probes: results that wait for the database. About 5 MB. */
export const waitingRoom = 5_000
/** An entry that its consumer has not touched for this long is taken over, in milliseconds. */
export const reclaimIdleMs = 30_000
/** How often entries in flight are kept fresh, and how often idle ones are looked for, in milliseconds. */
export const keepFreshEveryMs = 10_000
export const reclaimEveryMs = 5_000
/** A probe that runs this much longer than the deadlines of both its tries hangs: its entry is not kept from reclaimers any more. */
export const hangGraceMs = 20_000
/** A job handed out this often may be what kills workers: it runs alone, so that it takes no neighbour with it. */
export const suspectDeliveries = 3
/** The most entries taken over at once: what one pass over the pending entries is worth. */
export const maxTakeOver = 500
