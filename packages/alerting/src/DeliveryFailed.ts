import { Data } from "effect"
import { cut } from "./TextLimit.ts"

/** A message was not delivered, as far as can be told. */
export class DeliveryFailed extends Data.TaggedError("DeliveryFailed")<{
  /** Whether the same message may be taken later: not when the receiver refused it, or cannot be what is meant. */
  readonly retryable: boolean
  /** How long the receiver asked to be left alone, in milliseconds; null where it did not say. */
  readonly retryAfterMs: number | null
  /** Why, in fixed words and at most 300 characters: without secrets, addresses, or what the receiver said. */
  readonly message: string
  /** Whether the receiver says that it is there no more, and wants nothing any more (410, RFC 9110). */
  readonly isGone?: boolean
  /** Whom of an email's recipients it did not reach where it reached others: it is tried again for them alone. */
  readonly left?: ReadonlyArray<string>
}> {
  /** Why, for the channel's owner alone: it names the recipients that are left. */
  get reason(): string {
    if (this.left === undefined) return this.message
    return `${this.message}; not delivered to ${cut(this.left.join(", "), 300)}, but to all others`
  }

  /** The same of a message that had reached some of its recipients before. */
  ofThoseLeft(before: ReadonlyArray<string> | null): DeliveryFailed {
    const { left = before, message, retryAfterMs, retryable } = this
    return left === null ? this : new DeliveryFailed({ retryable, retryAfterMs, message, left })
  }
}
