/** One event as it goes over the wire, with its number. */
export interface Numbered {
  readonly n: number
  readonly frame: string
}

/** The most events that a ring keeps, and the most of their text in UTF-16 code units. */
export const maxEvents = 500
export const maxLength = 256 * 1024

/** The last events of one person, for whoever comes back: bounded, the oldest go first. */
export class EventRing {
  private readonly events: Array<Numbered> = []
  private length = 0
  private last = 0

  /** The number of the newest event; 0 before the first. */
  get newest(): number {
    return this.last
  }

  /** Adds an event, whose text is made from its number. */
  add(frame: (n: number) => string): Numbered {
    this.last++
    const event = { n: this.last, frame: frame(this.last) }
    this.events.push(event)
    this.length += event.frame.length
    while (this.events.length > maxEvents || (this.length > maxLength && this.events.length > 0)) {
      this.length -= this.events.shift()?.frame.length ?? 0
    }
    return event
  }

  /** Forgets what was: nobody can go on from before now. */
  clear(): void {
    this.events.length = 0
    this.length = 0
    this.last++
  }

  /** The events after number `n`, oldest first; null where some of them are gone, or `n` never was. */
  after(n: number): ReadonlyArray<Numbered> | null {
    if (!Number.isSafeInteger(n) || n < 0 || n > this.last) return null
    if (n === this.last) return []
    const first = this.events[0]
    return first === undefined || first.n > n + 1 ? null : this.events.slice(n + 1 - first.n)
  }
}
