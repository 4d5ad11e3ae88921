/**
 * Milliseconds, with fractions, since some instant of this process; it never goes back. What a probe measures, and every
 * deadline inside one, is read here and nowhere else: the wall clock is set while a check runs, and Effect's clock costs
 * a fiber lookup for each of the dozen readings of a check.
 */
export const monotonicNow = (): number => performance.now()
