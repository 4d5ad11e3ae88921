import type { Region } from "@uptime/domain/Region"
import { gauge } from "@uptime/runtime/Metrics"
import { Metric } from "effect"
import type { GroupState } from "./CheckStream.ts"

const groupGauges = {
  lag: gauge("uptime_stream_group_lag", "Entries that no worker of the region was handed yet."),
  pending: gauge("uptime_stream_group_pending", "Entries handed out to the region and not acknowledged."),
  oldestAge: gauge(
    "uptime_stream_group_oldest_age_seconds",
    "Age of the oldest entry that the region has not acknowledged.",
  ),
  consumers: gauge("uptime_stream_group_consumers", "Consumers known to the region's group, alive or not."),
  dead: gauge("uptime_stream_group_dead", "Entries of the region that were set aside."),
}

/** Shows the state of a region's group. */
export const showGroup = ({ consumers, dead, lag, oldestAgeMs, pending, region }: GroupState): void => {
  const show = (metric: Metric.Metric.Gauge<number>, value: number) => set(metric, region, value)
  show(groupGauges.lag, lag)
  show(groupGauges.pending, pending)
  show(groupGauges.oldestAge, oldestAgeMs / 1000)
  show(groupGauges.consumers, consumers)
  show(groupGauges.dead, dead)
}

const shardUp = gauge("uptime_stream_shard_up", "Whether a shard of the stream answers: 1 or 0.")
const shardLag = gauge(
  "uptime_stream_shard_lag",
  "Entries of a shard that no worker of the region was handed yet, where there are several shards.",
)

/**
 * Shows the state of a shard, where there are several.
 *
 * @param prefix what the ids of its entries begin with
 * @param states of the regions' groups in it, null while it does not answer
 */
export const showShard = (prefix: string, states: ReadonlyArray<GroupState> | null): void => {
  const shard = prefix.replace(/:$/, "") || "unsplit"
  Metric.tagged(shardUp, "shard", shard).unsafeUpdate(states === null ? 0 : 1, [])
  for (const { lag, region } of states ?? []) set(Metric.tagged(shardLag, "shard", shard), region, lag)
}

const set = (metric: Metric.Metric.Gauge<number>, region: Region, value: number): void =>
  Metric.tagged(metric, "region", region).unsafeUpdate(value, [])
