import { Data } from "effect"

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
}> {}
