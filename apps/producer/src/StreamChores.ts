import type { Region } from "@uptime/domain/Region"
import { supervised } from "@uptime/runtime/Supervised"
import { CheckStream } from "@uptime/stream/CheckStream"
import { showGroup } from "@uptime/stream/GroupMetrics"
import { Effect, Metric } from "effect"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** How often the stream is trimmed, which also makes the groups that are missing, and how often its groups are looked at. */
const trimEvery = "10 seconds"
const lookEvery = "5 seconds"

/** A stream that was away, or wiped, is in order again this soon after it is back. */
const maxBackoff = "2 seconds"

/**
 * The fibers that keep the stream short and show how its groups fare.
 *
 * @param regions every region that has workers
 */
export const streamChores = Effect.fnUntraced(function* (regions: ReadonlyArray<Region>) {
  const stream = yield* CheckStream

  const trim = Effect.gen(function* () {
    const { acknowledged, expired } = yield* stream.trim(regions)
    yield* Metric.incrementBy(Metric.tagged(ProducerMetrics.trimmed, "reason", "acknowledged"), acknowledged)
    yield* Metric.incrementBy(Metric.tagged(ProducerMetrics.trimmed, "reason", "expired"), expired)
    if (expired > 0) {
      yield* Effect.logWarning("jobs were too old for the stream before every region had done them").pipe(
        Effect.annotateLogs({ jobs: expired }),
      )
    }
  })

  const look = Effect.map(stream.groups(regions), (groups) => groups.forEach(showGroup))

  yield* supervised("trim", trim, { every: trimEvery, maxBackoff })
  yield* supervised("groups", look, { every: lookEvery, maxBackoff: "5 seconds" })
})
