import { maxDeliveries } from "@uptime/stream/CheckStream"

/** A delivery as the model tells it: the job's number and how often it was handed out. */
export interface Handed {
  readonly n: number
  readonly deliveries: number
}

interface Held {
  consumer: string
  deliveries: number
  inFlight: boolean
  idleMs: number
}

/** The naive model of one group: a list of all jobs, and a table of who holds what. */
export class GroupModel {
  next = 0
  dead = 0
  readonly held = new Map<number, Held>()
  readonly done = new Set<number>()
  readonly alive = new Set<string>()

  /** Jobs that a consumer of that name would find before it reads new ones. */
  leftover(name: string): ReadonlyArray<number> {
    return this.numbers((held) => held.consumer === name && !held.inFlight)
  }

  /** The jobs that a consumer works on. */
  inFlight(name: string): ReadonlyArray<number> {
    return this.numbers((held) => held.consumer === name && held.inFlight)
  }

  open(name: string): void {
    this.alive.add(name)
    for (const held of this.held.values()) if (held.consumer === name) held.inFlight = false
  }

  close(name: string): void {
    this.alive.delete(name)
  }

  read(name: string, count: number, published: number): ReadonlyArray<Handed> {
    const again = this.handOver(this.leftover(name), name, count).handed
    if (again.length > 0) return again
    const handed: Array<Handed> = []
    for (; handed.length < count && this.next < published; this.next++) {
      this.held.set(this.next, { consumer: name, deliveries: 1, inFlight: true, idleMs: 0 })
      handed.push({ n: this.next, deliveries: 1 })
    }
    return handed
  }

  finish(numbers: Iterable<number>): void {
    for (const n of numbers) if (this.held.delete(n)) this.done.add(n)
  }

  setAside(numbers: Iterable<number>): void {
    for (const n of numbers) if (this.held.delete(n)) this.dead++
  }

  idle(ms: number): void {
    for (const held of this.held.values()) held.idleMs += ms
  }

  keepFresh(name: string, numbers: ReadonlyArray<number>): ReadonlyArray<number> {
    return numbers.filter((n) => {
      const held = this.held.get(n)
      if (held?.consumer !== name) return true
      held.idleMs = 0
      return false
    })
  }

  reclaim(name: string, count: number, minIdleMs: number) {
    const numbers = this.numbers((held) => held.consumer !== name && held.idleMs >= minIdleMs).slice(0, count)
    return this.handOver(numbers, name, count)
  }

  /** The first job that is not done: everything before it may be trimmed. */
  get safe(): number {
    return Math.min(this.next, ...this.held.keys())
  }

  private handOver(numbers: ReadonlyArray<number>, name: string, count: number) {
    const handed: Array<Handed> = []
    const dead: Array<Handed> = []
    for (const n of numbers) {
      const held = this.held.get(n)
      if (held === undefined || handed.length === count) continue
      Object.assign(held, { consumer: name, deliveries: held.deliveries + 1, inFlight: true, idleMs: 0 })
      if (held.deliveries > maxDeliveries) dead.push({ n, deliveries: held.deliveries })
      else handed.push({ n, deliveries: held.deliveries })
    }
    this.setAside(dead.map(({ n }) => n))
    return { handed, dead }
  }

  private numbers(predicate: (held: Held) => boolean): ReadonlyArray<number> {
    return [...this.held]
      .filter(([, held]) => predicate(held))
      .map(([n]) => n)
      .sort((a, b) => a - b)
  }
}
