import { longestCheckMs } from "@uptime/domain/CheckDuration"
import type { CheckKind } from "@uptime/domain/CheckKind"
import type { NewResult } from "@uptime/domain/Result"
import type { Delivery, EntryId } from "@uptime/stream/CheckStream"
import { Effect } from "effect"

/** An entry of the stream from the moment it was read until it is acknowledged. */
export interface Held {
  readonly delivery: Delivery
  /** When its probe started, milliseconds since the epoch. */
  readonly startedAt: number
  /** `probing` → `waiting` (its result is to be stored) → `stored` (to be acknowledged). */
  phase: "probing" | "waiting" | "stored"
  /** Another consumer took it over: it is not kept fresh any more. What it found is stored all the same, which is harmless. */
  lost: boolean
}

/** A result to be stored, and the entry it answers: null for one that is acknowledged already (set aside). */
export interface WaitingResult {
  readonly held: Held | null
  readonly kind: CheckKind
  readonly result: NewResult
}

/** How much a worker may hold at once. */
export interface HoldingLimits {
  /** Probes running at the same time. */
  readonly concurrency: number
  /** Entries held in any phase, probing or not: what bounds memory while the database is away. */
  readonly held: number
  /** Rows of one bulk insert. */
  readonly batch: number
}

/**
 * What a worker holds: the book from which reading, keeping fresh, storing, acknowledging and draining all decide. Plain
 * mutable state, touched only synchronously: it stands on the path of every check. Fibers wait on it by `until`,
 * `someWaiting` and `batchWaiting`.
 */
export class Holdings {
  readonly entries = new Map<EntryId, Held>()
  readonly waiting: Array<WaitingResult> = []
  readonly stored: Array<EntryId> = []
  /** False from the first batch that the database did not take until it takes one again. */
  storeHealthy = true
  /** True while jobs that may have killed workers run alone: nothing else is started. */
  private exclusive = false
  private stopping = false
  /** Suspects that wait for their turn to run alone. */
  private readonly queued = new Set<EntryId>()
  private probing = 0
  private reserved = 0
  private watchers = 0
  private readonly changed = Effect.unsafeMakeLatch(false)
  private readonly some = Effect.unsafeMakeLatch(false)
  private readonly full = Effect.unsafeMakeLatch(false)
  private readonly limits: HoldingLimits

  constructor(limits: HoldingLimits) {
    this.limits = limits
  }

  /** How many more entries may be read now; 0 while the database is away, a suspect runs alone, or the worker stops. */
  get free(): number {
    if (!this.storeHealthy || this.exclusive || this.stopping) return 0
    const byConcurrency = this.limits.concurrency - this.probing - this.reserved
    const byHeld = this.limits.held - this.entries.size - this.reserved
    return Math.max(0, Math.min(byConcurrency, byHeld))
  }

  /** From now on nothing is read: the worker stops. */
  stop(): void {
    this.stopping = true
  }

  /** Whether jobs run alone, one by one. */
  get isExclusive(): boolean {
    return this.exclusive
  }

  /** Whether entries are being read right now. */
  get reading(): boolean {
    return this.reserved > 0
  }

  /** Probes running now. */
  get running(): number {
    return this.probing
  }

  /** Nothing is held but suspects that wait for their turn. */
  get quiet(): boolean {
    return this.entries.size === 0 && this.waiting.length === 0 && this.reserved === 0
  }

  /** From now on nothing is read; these entries are held until they are started. */
  beginExclusive(suspects: ReadonlyArray<Delivery>): void {
    this.exclusive = true
    for (const { id } of suspects) this.queued.add(id)
  }

  /** Reading goes on. Suspects that were not started are let go of. */
  endExclusive(): void {
    this.exclusive = false
    this.queued.clear()
    this.notify()
  }

  /** Takes up to `count` places for entries that are about to be read: reader and reclaimer share one limit. */
  reserve(count: number): number {
    const granted = Math.min(count, this.free)
    this.reserved += granted
    return granted
  }

  /** Gives reserved places back, once what was read into them is `add`ed. */
  release(count: number): void {
    this.reserved -= count
    this.notify()
  }

  /** An entry whose probe starts now; null when it is held already. */
  add(delivery: Delivery, startedAt: number): Held | null {
    if (this.entries.has(delivery.id)) return null
    this.queued.delete(delivery.id)
    const held: Held = { delivery, startedAt, phase: "probing", lost: false }
    this.entries.set(delivery.id, held)
    this.probing++
    return held
  }

  /** A probe ended with a result. A second end of the same probe changes nothing. */
  finish(held: Held, result: NewResult): void {
    if (held.phase !== "probing") return
    held.phase = "waiting"
    this.probing--
    this.addResult({ held, kind: held.delivery.job.spec.kind, result })
  }

  /** A result of a job whose entry is acknowledged already. */
  addDetached(kind: CheckKind, result: NewResult): void {
    this.addResult({ held: null, kind, result })
  }

  private addResult(waiting: WaitingResult): void {
    this.waiting.push(waiting)
    if (this.waiting.length === 1) this.some.unsafeOpen()
    if (this.waiting.length === this.limits.batch) this.full.unsafeOpen()
    this.notify()
  }

  /** A probe was interrupted: its entry stays pending on the stream for another worker. */
  abandon(held: Held): void {
    if (held.phase !== "probing") return
    this.probing--
    this.entries.delete(held.delivery.id)
    this.notify()
  }

  /** The results to store next, oldest first: at most a batch. They stay here until `committed`. */
  nextBatch(): Array<WaitingResult> {
    return this.waiting.slice(0, this.limits.batch)
  }

  /** The first `count` waiting results were committed: their entries may be acknowledged. */
  committed(count: number): void {
    for (const { held } of this.waiting.splice(0, count)) {
      if (held === null || held.phase !== "waiting") continue
      held.phase = "stored"
      this.stored.push(held.delivery.id)
    }
    this.storeHealthy = true
    this.notify()
  }

  /** The database did not take a batch: nothing more is read until it takes one. */
  notCommitted(): void {
    this.storeHealthy = false
  }

  /** The first `count` of `stored` were acknowledged: they are held no more. */
  acknowledged(count: number): void {
    for (const id of this.stored.splice(0, count)) this.entries.delete(id)
    this.notify()
  }

  /** An entry was acknowledged out of turn, by setting it aside. */
  forget(held: Held): void {
    held.phase = "stored"
    this.entries.delete(held.delivery.id)
    this.notify()
  }

  /**
   * The entries to be kept from other reclaimers: all that are held, but for those whose probe hangs.
   *
   * @param graceMs how much longer than it can take, with both its tries, a probe is given
   */
  freshIds(now: number, graceMs: number): Array<EntryId> {
    const ids: Array<EntryId> = [...this.queued]
    for (const [id, held] of this.entries) {
      if (held.lost) continue
      const longestMs = longestCheckMs(held.delivery.job.spec.timeoutMs)
      if (held.phase === "probing" && now - held.startedAt > longestMs + graceMs) continue
      ids.push(id)
    }
    return ids
  }

  /** Another consumer holds these now. */
  markLost(ids: ReadonlyArray<EntryId>): void {
    for (const id of ids) {
      const held = this.entries.get(id)
      if (held !== undefined) held.lost = true
    }
  }

  /** Wakes every fiber that waits in `until`; free of charge when none does. */
  notify(): void {
    if (this.watchers > 0) this.changed.unsafeOpen()
  }

  /** Waits until the condition holds; it is looked at again after every change. */
  until(condition: () => boolean): Effect.Effect<void> {
    const look: Effect.Effect<void> = Effect.suspend(() => {
      if (condition()) return Effect.void
      this.changed.unsafeClose()
      return Effect.zipRight(this.changed.await, look)
    })
    return Effect.acquireUseRelease(
      Effect.sync(() => {
        this.watchers++
      }),
      () => look,
      () =>
        Effect.sync(() => {
          this.watchers--
        }),
    )
  }

  /** Waits until a result waits to be stored. */
  readonly someWaiting: Effect.Effect<void> = Effect.suspend(() => {
    if (this.waiting.length > 0) return Effect.void
    this.some.unsafeClose()
    return this.some.await
  })

  /** Waits until a whole batch of results waits to be stored. */
  readonly batchWaiting: Effect.Effect<void> = Effect.suspend(() => {
    if (this.waiting.length >= this.limits.batch) return Effect.void
    this.full.unsafeClose()
    return this.full.await
  })
}
