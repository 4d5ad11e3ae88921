import { Clock, Effect, Schedule } from "effect"
import { type Job, jobDeadline, jobVersion } from "../../packages/domain/src/Job.ts"
import { eventually } from "../../packages/testing/src/Eventually.ts"
import { jobKey } from "../../packages/testing/src/faults/JobKey.ts"
import { checkTimeoutMs, makeMonitors } from "./OwnedMonitors.ts"
import type { World } from "./World.ts"

/** Jobs that the harness itself puts on the stream: as many a second as are wanted, each with a slot of its own. */
export interface JobLoad {
  /** Publishes one job for each of `count` monitors from the `from`-th on, all for one slot; goes on until the stream has them. */
  readonly publish: (from: number, count: number, slot: number) => Effect.Effect<void>
  /**
   * Publishes one job for each monitor, all for now, and waits until every region has stored them, at most 40 seconds; how many
   * milliseconds that took. The first time it also takes what processes take that have just started.
   */
  readonly untilStored: Effect.Effect<number, unknown>
  /** Publishes for so many seconds so many jobs a second. */
  readonly run: (seconds: number, jobsPerSecond: number) => Effect.Effect<void>
}

/** How often a second jobs are published. */
const batchesPerSecond = 4

/**
 * Monitors that no producer is to touch, and jobs of them on demand.
 *
 * @param monitors how many
 * @param path what stands before the monitor's number in its path on the farm: `ok`, `slow/250`
 */
export const jobLoad = Effect.fnUntraced(function* (
  world: World,
  monitors: number,
  path = "ok",
): Effect.fn.Return<JobLoad, unknown> {
  const { book, farm, regions, sql, stream } = world
  const made = yield* makeMonitors(world, { count: monitors, path, intervalSeconds: 86_400, dueInSeconds: 86_400 })
  const ids = made.map(({ id }) => id)

  const publish: JobLoad["publish"] = (from, count, slot) => {
    const jobs = ids.slice(from, from + count).map(
      (monitorId, i): Job => ({
        v: jobVersion,
        monitorId,
        slot,
        deadline: jobDeadline(slot, 300),
        configVersion: 1,
        spec: {
          kind: "http",
          url: `${farm.url}/${path}/${from + i + 1}?job=${jobKey(monitorId, slot)}`,
          timeoutMs: checkTimeoutMs,
        },
      }),
    )
    const keys = jobs.map((job) => jobKey(job.monitorId, job.slot))
    book.attempt(keys)
    return stream
      .publish(jobs)
      .pipe(
        Effect.retry(Schedule.spaced("200 millis")),
        Effect.zipRight(Effect.sync(() => book.schedule(keys))),
        Effect.orDie,
      )
  }

  let lastSlot = yield* Clock.currentTimeMillis
  const run: JobLoad["run"] = Effect.fnUntraced(function* (seconds, jobsPerSecond) {
    const size = Math.max(1, Math.round(jobsPerSecond / batchesPerSecond))
    const began = yield* Clock.currentTimeMillis
    let from = 0
    for (let batch = 0; batch < seconds * batchesPerSecond; batch++) {
      if (from === 0) lastSlot = Math.max(lastSlot + 1, yield* Clock.currentTimeMillis)
      const count = Math.min(size, monitors - from)
      yield* publish(from, count, lastSlot)
      from = (from + count) % monitors
      const next = began + ((batch + 1) * 1000) / batchesPerSecond
      yield* Effect.sleep(Math.max(0, next - (yield* Clock.currentTimeMillis)))
    }
  })
  const untilStored = Effect.gen(function* () {
    lastSlot = Math.max(lastSlot + 1, yield* Clock.currentTimeMillis)
    const slot = lastSlot
    const began = yield* Clock.currentTimeMillis
    yield* publish(0, monitors, slot)
    const rows = Effect.map(
      sql<{
        readonly n: number
      }>`SELECT count(*)::int AS n FROM check_results WHERE scheduled_at = ${new Date(slot)}`,
      ([row]) => row?.n ?? 0,
    )
    yield* eventually(rows, (n) => n >= monitors * regions.length, "40 seconds")
    return (yield* Clock.currentTimeMillis) - began
  })
  return { publish, untilStored, run }
})
