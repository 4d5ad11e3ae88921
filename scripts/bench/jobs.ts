import { Clock, Effect } from "effect"
import type { MonitorId } from "../../packages/domain/src/Ids.ts"
import { type Job, jobDeadline, jobVersion } from "../../packages/domain/src/Job.ts"
import type { Region } from "../../packages/domain/src/Region.ts"
import type { CheckStream } from "../../packages/stream/src/CheckStream.ts"
import { eventually } from "../../packages/testing/src/Eventually.ts"

/** Jobs of one slot, of which there is one per monitor. */
const perSlot = 1_000

/** Runs so many checks, of the monitors that are next in turn, and waits until the result of each is stored. */
export type RunJobs = (count: number, spec: Job["spec"]) => Effect.Effect<void, unknown>

/** Runs checks of at least a thousand monitors in one region, which has a worker. */
export const jobRunner = Effect.fnUntraced(function* (
  stream: CheckStream["Type"],
  region: Region,
  ids: ReadonlyArray<MonitorId>,
): Effect.fn.Return<RunJobs, unknown> {
  let at = 0
  let lastSlot = 0
  // Makes the group, so that it is there to be asked.
  yield* stream.trim([region])
  const left = Effect.map(stream.groups([region]), ([group]) => (group === undefined ? 1 : group.lag + group.pending))
  return Effect.fnUntraced(function* (count, spec) {
    lastSlot = Math.max(lastSlot, yield* Clock.currentTimeMillis)
    for (let done = 0; done < count; done += perSlot) {
      const slot = ++lastSlot
      const part = [...ids.slice(at, at + perSlot), ...ids.slice(0, Math.max(0, at + perSlot - ids.length))]
      at = (at + perSlot) % ids.length
      yield* stream.publish(
        part.slice(0, count - done).map(
          (monitorId): Job => ({
            v: jobVersion,
            monitorId,
            slot,
            deadline: jobDeadline(slot, 300),
            configVersion: 1,
            spec,
          }),
        ),
      )
    }
    // Entries are acknowledged when their results are stored. The database is not asked: it is what is measured.
    yield* eventually(left, (entries) => entries === 0, "180 seconds")
  })
})
