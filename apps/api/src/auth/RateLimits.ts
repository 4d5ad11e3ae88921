import { TooManyRequests } from "@uptime/contract/ApiErrors"
import { Clock, Context, Effect, Layer } from "effect"

/** How often something may be tried: at most `limit` times within a window that begins with the first try. */
export interface RateRule {
  /** Part of the key; one of a fixed set. */
  readonly name: string
  readonly limit: number
  readonly windowMs: number
}

/** A try under a rule: `subject` is an address, or the hash of what must not be stored as it is. */
export interface Try {
  readonly rule: RateRule
  readonly subject: string
}

/** How often a key was tried in its window, this time included, and how long the window still lasts. */
export interface Tally {
  readonly count: number
  readonly remainingMs: number
}

/** Counts tries, and refuses those beyond their rule. */
export class RateLimits extends Context.Tag("@uptime/api/RateLimits")<
  RateLimits,
  {
    /** Counts a try under each rule. Fails when any is beyond its limit, with the longest wait among those. */
    readonly consume: (tries: ReadonlyArray<Try>) => Effect.Effect<void, TooManyRequests>
    /** Begins anew: a log-in that succeeded does not count against its account. */
    readonly forget: (tries: ReadonlyArray<Try>) => Effect.Effect<void>
  }
>() {
  /** Counts in this process only: for a process that is alone. */
  static readonly layerMemory: Layer.Layer<RateLimits> = Layer.sync(this, () => {
    const tallies = makeTallies()
    return RateLimits.of({
      consume: (tries) => Effect.flatMap(tallies.count(tries), (counted) => decide(tries, counted)),
      forget: tallies.forget,
    })
  })
}

/** The name that a try is counted under. */
export const keyOf = ({ rule, subject }: Try): string => `${rule.name}:${subject}`

/** Whether all tries are within their limits. */
export const decide = (
  tries: ReadonlyArray<Try>,
  tallies: ReadonlyArray<Tally>,
): Effect.Effect<void, TooManyRequests> => {
  let waitMs = 0
  tries.forEach(({ rule }, i) => {
    const tally = tallies[i]
    if (tally !== undefined && tally.count > rule.limit) waitMs = Math.max(waitMs, tally.remainingMs, 1)
  })
  return waitMs === 0 ? Effect.void : TooManyRequests.after(waitMs / 1000)
}

/** The most keys of one rule that are counted in memory; beyond them the oldest are forgotten. */
export const maxTallies = 20_000

/** Tallies in memory, of a bounded number of keys of each rule: who floods one rule makes room in that one alone. */
export const makeTallies = () => {
  const rules = new Map<string, Map<string, Window>>()
  const windowsOf = ({ rule }: Try): Map<string, Window> => {
    const known = rules.get(rule.name)
    if (known !== undefined) return known
    const windows = new Map<string, Window>()
    rules.set(rule.name, windows)
    return windows
  }
  const countOne = (entry: Try, now: number): Tally => {
    const windows = windowsOf(entry)
    const key = keyOf(entry)
    const known = windows.get(key)
    if (known !== undefined && known.endsAt > now) {
      known.count++
      return { count: known.count, remainingMs: known.endsAt - now }
    }
    windows.delete(key)
    if (windows.size >= maxTallies) makeRoom(windows, now)
    windows.set(key, { count: 1, endsAt: now + entry.rule.windowMs })
    return { count: 1, remainingMs: entry.rule.windowMs }
  }
  return {
    count: (tries: ReadonlyArray<Try>): Effect.Effect<ReadonlyArray<Tally>> =>
      Effect.map(Clock.currentTimeMillis, (now) => tries.map((entry) => countOne(entry, now))),
    forget: (tries: ReadonlyArray<Try>): Effect.Effect<void> =>
      Effect.sync(() => {
        for (const entry of tries) windowsOf(entry).delete(keyOf(entry))
      }),
  }
}

interface Window {
  count: number
  readonly endsAt: number
}

const makeRoom = (windows: Map<string, Window>, now: number): void => {
  for (const [key, { endsAt }] of windows) if (endsAt <= now) windows.delete(key)
  for (const key of windows.keys()) {
    if (windows.size < maxTallies) return
    windows.delete(key)
  }
}
