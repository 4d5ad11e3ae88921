/** A cache that forgets what was not used for longest once it is full. */
export class LruCache<A> {
  private readonly entries = new Map<string, A>()
  private readonly size: number

  /** @param size the most entries that are kept */
  constructor(size: number) {
    this.size = size
  }

  /** What is kept under a key; it counts as used. */
  get(key: string): A | undefined {
    const value = this.entries.get(key)
    if (value === undefined) return undefined
    this.entries.delete(key)
    this.entries.set(key, value)
    return value
  }

  set(key: string, value: A): void {
    this.entries.delete(key)
    this.entries.set(key, value)
    if (this.entries.size <= this.size) return
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest)
      return
    }
  }

  delete(key: string): void {
    this.entries.delete(key)
  }
}
