/** A promise that was not kept. */
export interface Breach {
  /** Which: `I1` to `I12`, or the fault's own. */
  readonly promise: string
  /** What was seen, with the job, the monitor or the process it was seen at; one line. */
  readonly what: string
}

/** How many cases of one breach are named; the rest is counted. */
const named = 5

/** Cases of one breach in a line: how many, and the first of them. Nothing where there is none. */
export const breach = (promise: string, what: string, cases: ReadonlyArray<string>): ReadonlyArray<Breach> =>
  cases.length === 0
    ? []
    : [
        {
          promise,
          what: `${cases.length} ${what}: ${cases.slice(0, named).join(", ")}${cases.length > named ? ", …" : ""}`,
        },
      ]
