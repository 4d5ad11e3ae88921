/**
 * Reads the fields of a binary message one after the other. It never reads past the end: a field that is not there reads
 * as zero or empty, and makes the reader `isBroken`, which whoever reads asks at the end, and in every loop.
 */
export class WireReader {
  isBroken = false
  private readonly bytes: Buffer
  private at = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  /** How many bytes are left. */
  get left(): number {
    return this.bytes.length - this.at
  }

  /** The next bytes, as many as are asked for. */
  take(length: number): Buffer {
    if (length < 0 || length > this.left) {
      this.isBroken = true
      this.at = this.bytes.length
      return Buffer.alloc(0)
    }
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** All bytes that are left. */
  rest(): Buffer {
    return this.take(this.left)
  }

  /** An unsigned number of 1 to 6 bytes, the most significant first. */
  uintBE(size: number): number {
    const bytes = this.take(size)
    return bytes.length === size ? bytes.readUIntBE(0, size) : 0
  }

  /** A signed number of 1 to 6 bytes, the most significant first. */
  intBE(size: number): number {
    const bytes = this.take(size)
    return bytes.length === size ? bytes.readIntBE(0, size) : 0
  }

  /** An unsigned number of 1 to 6 bytes, the least significant first. */
  uintLE(size: number): number {
    const bytes = this.take(size)
    return bytes.length === size ? bytes.readUIntLE(0, size) : 0
  }

  /** Text in UTF-8 up to a zero byte, which is read too. */
  cstring(): string {
    const end = this.bytes.indexOf(0, this.at)
    if (end < 0) {
      this.take(this.left + 1)
      return ""
    }
    const text = this.bytes.toString("utf8", this.at, end)
    this.at = end + 1
    return text
  }
}
