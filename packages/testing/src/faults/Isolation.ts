import { type Breach, breach } from "./Breach.ts"

/** The value that so much of all is no more than, such as 0.95; 0 of none. */
export const quantile = (values: ReadonlyArray<number>, share: number): number => {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

/**
 * I9: what the fault does not concern is as late as before, at p95: at most a fifth more, or `slackMs` where that is more,
 * which is what a busy machine does to times of a few milliseconds.
 *
 * @param before how late each row was before the fault, in milliseconds
 * @param during the same during the fault
 */
export const isolated = (
  before: ReadonlyArray<number>,
  during: ReadonlyArray<number>,
  slackMs: number,
): ReadonlyArray<Breach> => {
  const [was, is] = [quantile(before, 0.95), quantile(during, 0.95)]
  return breach("I9 isolation", "of those that the fault does not concern", [
    ...(during.length === 0 ? ["nothing was stored"] : []),
    ...(is > Math.max(was * 1.2, was + slackMs) ? [`p95 ${is.toFixed(0)} ms, before ${was.toFixed(0)} ms`] : []),
  ])
}
