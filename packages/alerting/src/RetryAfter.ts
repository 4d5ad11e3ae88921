/** The longest wait that a receiver may ask for, in milliseconds. */
export const maxRetryAfterMs = 3_600_000

/**
 * How long a receiver asks to be left alone, in milliseconds, at most an hour: `Retry-After` as seconds or as a date (RFC 9110,
 * section 10.2.3).
 *
 * @param value the header's value
 * @param nowMs milliseconds since the epoch
 * @returns null when there is none, or none that can be read
 */
export const retryAfterMs = (value: string | undefined, nowMs: number): number | null => {
  const text = value?.trim() ?? ""
  if (/^\d+(?:\.\d+)?$/.test(text)) return bounded(Number(text) * 1000)
  // A date of HTTP ends in GMT; what else `Date.parse` reads depends on the place.
  if (!/^[A-Za-z]{3}, .* GMT$/.test(text)) return null
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : bounded(at - nowMs)
}

/** The same of a number of seconds that is not in a header. */
export const retryAfterSecondsMs = (seconds: number): number => bounded(seconds * 1000)

const bounded = (ms: number): number => Math.ceil(Math.min(maxRetryAfterMs, Math.max(0, ms)))
