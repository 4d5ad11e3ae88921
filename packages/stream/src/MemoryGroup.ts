import type { Region } from "@uptime/domain/Region"
import { type Delivery, type EntryId, type GroupState, maxDeliveries, type Reclaimed } from "./CheckStream.ts"
import type { MemoryEntry, MemoryLog } from "./MemoryLog.ts"

/** An entry that was handed out and is not acknowledged. */
interface Pending {
  readonly entry: MemoryEntry
  consumer: string
  /** When it was handed out or kept fresh last, in milliseconds since the epoch. */
  freshAt: number
  deliveries: number
  /** Whether its consumer works on it; otherwise it is the next read's. */
  inFlight: boolean
}

/** A consumer that the group knows, alive or not. */
interface Known {
  seenAt: number
  /** What its next read looks for first: entries that another life under its name left, or that never reached it. */
  leftover: "none" | "adopt" | "resume"
}

/** A region's group of a stream in memory. Times are milliseconds since the epoch; nothing here waits. */
export interface MemoryGroup {
  readonly region: Region
  /** Takes a consumer in; what its name held before is handed out again by its next reads. */
  readonly join: (consumer: string, now: number) => void
  /** Lets a consumer go, unless it holds something. */
  readonly leave: (consumer: string) => void
  /** Forgets the consumers that hold nothing and were silent since a time. */
  readonly forgetSilentSince: (time: number) => void
  /** Hands entries out; `dead` are those that were handed out too often, set aside by now. */
  readonly take: (consumer: string, count: number, now: number) => Omit<Reclaimed, "trimmed">
  /** Takes back what a read handed out but its caller was never given. */
  readonly giveBack: (consumer: string, deliveries: ReadonlyArray<Delivery>) => void
  readonly acknowledge: (ids: ReadonlyArray<EntryId>) => void
  /** Gives the ids that are another's. */
  readonly keepFresh: (consumer: string, ids: ReadonlyArray<EntryId>, now: number) => ReadonlyArray<EntryId>
  readonly reclaim: (consumer: string, count: number, minIdleMs: number, now: number) => Reclaimed
  readonly setAside: (deliveries: ReadonlyArray<Delivery>) => void
  /** The position of the first entry that was not handed out. */
  readonly next: () => number
  /** The positions of the pending entries, in order. */
  readonly pendingPositions: () => Iterable<number>
  readonly state: (now: number) => GroupState
}

export const make = (region: Region, log: MemoryLog): MemoryGroup => {
  let next = log.start()
  let dead = 0
  // In the order of their positions: entries are handed out in order, and none is ever put in a second time.
  const pending = new Map<EntryId, Pending>()
  const consumers = new Map<string, Known>()

  const consumerOf = (name: string, now: number) => {
    const consumer = consumers.get(name) ?? { seenAt: now, leftover: "none" }
    consumer.seenAt = now
    consumers.set(name, consumer)
    return consumer
  }

  const isTrimmed = (entry: MemoryEntry) => entry.position < log.start()

  const delivery = ({ deliveries, entry }: Pending): Delivery => ({ id: entry.id, job: entry.job, deliveries })

  const setAside = (deliveries: ReadonlyArray<Delivery>) => {
    for (const { id } of deliveries) if (pending.delete(id)) dead++
  }

  const handOutAgain = (held: Pending, consumer: string, now: number): Delivery => {
    held.consumer = consumer
    held.freshAt = now
    held.inFlight = true
    return delivery(held)
  }

  const holds = (name: string) => {
    for (const held of pending.values()) if (held.consumer === name) return true
    return false
  }

  const takeLeftover = (name: string, consumer: Known, count: number, now: number) => {
    const deliveries: Array<Delivery> = []
    const worn: Array<Delivery> = []
    let isLast = true
    for (const held of pending.values()) {
      if (held.consumer !== name || held.inFlight || isTrimmed(held.entry)) continue
      if (deliveries.length === count) {
        isLast = false
        break
      }
      if (consumer.leftover === "adopt") held.deliveries++
      const again = handOutAgain(held, name, now)
      if (again.deliveries > maxDeliveries) worn.push(again)
      else deliveries.push(again)
    }
    if (isLast) consumer.leftover = "none"
    setAside(worn)
    return { deliveries, dead: worn }
  }

  return {
    region,
    next: () => Math.max(next, log.start()),
    setAside,
    join: (name, now) => {
      consumerOf(name, now).leftover = "adopt"
      for (const held of pending.values()) if (held.consumer === name) held.inFlight = false
    },
    leave: (name) => {
      if (!holds(name)) consumers.delete(name)
    },
    forgetSilentSince: (time) => {
      for (const [name, { seenAt }] of consumers) if (seenAt < time && !holds(name)) consumers.delete(name)
    },
    take: (name, count, now) => {
      const consumer = consumerOf(name, now)
      const leftover =
        consumer.leftover === "none" ? { deliveries: [], dead: [] } : takeLeftover(name, consumer, count, now)
      if (leftover.deliveries.length > 0) return leftover
      const deliveries: Array<Delivery> = []
      for (next = Math.max(next, log.start()); deliveries.length < count; next++) {
        const entry = log.at(next)
        if (entry === undefined) break
        const held: Pending = { entry, consumer: name, freshAt: now, deliveries: 1, inFlight: true }
        pending.set(entry.id, held)
        deliveries.push(delivery(held))
      }
      return { deliveries, dead: leftover.dead }
    },
    giveBack: (name, deliveries) => {
      for (const { id } of deliveries) {
        const held = pending.get(id)
        if (held?.consumer === name) held.inFlight = false
      }
      const consumer = consumers.get(name)
      if (consumer?.leftover === "none") consumer.leftover = "resume"
    },
    acknowledge: (ids) => {
      for (const id of ids) pending.delete(id)
    },
    keepFresh: (name, ids, now) => {
      consumerOf(name, now)
      return ids.filter((id) => {
        const held = pending.get(id)
        if (held === undefined) return log.has(id)
        if (held.consumer !== name) return true
        held.freshAt = now
        return false
      })
    },
    reclaim: (name, count, minIdleMs, now) => {
      consumerOf(name, now)
      const deliveries: Array<Delivery> = []
      const worn: Array<Delivery> = []
      let trimmed = 0
      for (const held of pending.values()) {
        if (deliveries.length + worn.length >= count) break
        if (held.consumer === name || now - held.freshAt < minIdleMs) continue
        if (isTrimmed(held.entry)) {
          pending.delete(held.entry.id)
          trimmed++
          continue
        }
        held.deliveries++
        const again = handOutAgain(held, name, now)
        if (again.deliveries > maxDeliveries) worn.push(again)
        else deliveries.push(again)
      }
      setAside(worn)
      return { deliveries, dead: worn, trimmed }
    },
    pendingPositions: function* () {
      for (const { entry } of pending.values()) yield entry.position
    },
    state: (now) => {
      const first = pending.values().next().value?.entry ?? log.at(Math.max(next, log.start()))
      return {
        region,
        lag: log.end() - Math.max(next, log.start()),
        pending: pending.size,
        oldestAgeMs: first === undefined ? 0 : Math.max(0, now - first.at),
        consumers: consumers.size,
        dead,
      }
    },
  }
}
