/** The first so many bytes of what streams by, in one buffer that grows with what comes: however small the pieces, memory is bounded. */
export class KeptBytes {
  private buffer: Buffer
  private length = 0
  private readonly limit: number

  /** @param limit the most bytes that are kept */
  constructor(limit: number) {
    this.limit = limit
    this.buffer = Buffer.allocUnsafe(Math.min(limit, 4_096))
  }

  /** What was kept so far. */
  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length)
  }

  get isFull(): boolean {
    return this.length === this.limit
  }

  /** Keeps a copy of `source[from, to)`, as far as there is room. */
  add(source: Uint8Array, from = 0, to: number = source.length): void {
    const end = Math.min(this.limit, this.length + to - from)
    if (end > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.min(this.limit, Math.max(end, this.buffer.length * 2)))
      grown.set(this.bytes)
      this.buffer = grown
    }
    this.buffer.set(source.subarray(from, from + end - this.length), this.length)
    this.length = end
  }
}
