import { type Breach, breach } from "./Breach.ts"

/** I12: no log holds a secret. The secret itself is not repeated. */
export const noSecret = (
  logs: ReadonlyArray<{ readonly process: string; readonly text: string }>,
  secrets: ReadonlyArray<string>,
): ReadonlyArray<Breach> =>
  breach(
    "I12 no secret in a log",
    "logs with a secret",
    logs.filter(({ text }) => secrets.some((secret) => text.includes(secret))).map(({ process }) => process),
  )
