/**
 * A cache that forgets what has not been asked for lately: two generations, the older of which is dropped whole when the
 * younger is full. It holds at most twice `size` values, and costs one look-up for what is young.
 */
export class BoundedCache<Value> {
  private readonly size: number
  private young = new Map<string, Value>()
  private old = new Map<string, Value>()

  /** @param size how many values make a generation */
  constructor(size: number) {
    this.size = size
  }

  /** What was kept under a key, if it is still there. */
  get(key: string): Value | undefined {
    const found = this.young.get(key)
    if (found !== undefined) return found
    const aged = this.old.get(key)
    if (aged !== undefined) this.set(key, aged)
    return aged
  }

  /** Keeps a value under a key. */
  set(key: string, value: Value): void {
    if (this.young.size >= this.size) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, value)
  }
}
