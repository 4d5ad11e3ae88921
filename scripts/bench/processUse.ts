import * as Fs from "node:fs"
import { Effect } from "effect"

/**
 * What processes use, read from /proc (proc(5)), of each with all its children: a PostgreSQL is one process per connection.
 */

const read = (path: string): string => {
  try {
    return Fs.readFileSync(path, "utf8")
  } catch {
    // It has ended since it was listed.
    return ""
  }
}

const childrenOf = (pid: number): ReadonlyArray<number> =>
  read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number)

/** Clock ticks, of which there are 100 a second. */
const microsecondsPerTick = 10_000

const cpuOfTree = (pid: number): number => {
  const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? []
  // utime, stime, and the same of the children that have ended.
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * microsecondsPerTick
  return childrenOf(pid).reduce((sum, child) => sum + cpuOfTree(child), own)
}

const memoryOfTree = (pid: number): number => {
  const own = Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024
  return childrenOf(pid).reduce((sum, child) => sum + memoryOfTree(child), own)
}

/** The processor time of a process and its children so far, of ended ones too, in microseconds. */
export const cpuOf = (pid: number): Effect.Effect<number> => Effect.sync(() => cpuOfTree(pid))

/** The memory of a process and its children now, in bytes; what they share is counted once. */
export const memoryOf = (pid: number): Effect.Effect<number> => Effect.sync(() => memoryOfTree(pid))

/** The processor time that a process takes for something, per unit of it, in microseconds. */
export const cpuPer = Effect.fnUntraced(function* <A, E, R>(
  pid: number,
  units: number,
  work: Effect.Effect<A, E, R>,
): Effect.fn.Return<number, E, R> {
  const before = yield* cpuOf(pid)
  yield* work
  return ((yield* cpuOf(pid)) - before) / units
})
