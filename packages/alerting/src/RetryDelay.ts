const firstMs = 5_000
const longestMs = 15 * 60_000

/** The least time that a receiver is left alone that asks for less, in milliseconds. */
const leastMs = 1_000

/**
 * How long a message waits after a try that failed, in milliseconds: as long as the receiver asks for, a second at least;
 * otherwise 5 s, 15 s, 45 s … up to 15 minutes.
 *
 * @param attempts the tries before this one
 * @param retryAfterMs what the receiver asked for; null where it did not
 */
export const retryDelayMs = (attempts: number, retryAfterMs: number | null): number =>
  retryAfterMs === null ? Math.min(longestMs, firstMs * 3 ** Math.min(attempts, 10)) : Math.max(leastMs, retryAfterMs)
