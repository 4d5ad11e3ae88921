import type { Region } from "@uptime/domain/Region"
import { counter, gauge, histogram } from "@uptime/runtime/Metrics"
import type { GroupState } from "@uptime/stream/CheckStream"
import { Metric } from "effect"

/** Jobs that were published and whose monitors moved on. */
export const claimed = counter("uptime_claimed_total", "Due monitors claimed, each one job on the stream.")

/** Slots that nobody will check, because a newer one was due before they were claimed. */
export const coalesced = counter(
  "uptime_coalesced_slots_total",
  "Slots passed over because a newer one was due already.",
)

/** One observation per batch: the monitor that waited longest. */
export const lateness = histogram(
  "uptime_claim_lateness_seconds",
  "How late each batch was claimed, by the monitor in it that waited longest.",
  [0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60, 120, 300, 600],
)

/** One observation per batch: claim, publish and commit. */
export const batchDuration = histogram(
  "uptime_claim_batch_seconds",
  "How long it took to claim and publish a batch.",
  [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
)

/** What chores did: partitions made and dropped, rows rolled up, monitors found silent, rows purged, revocations forgotten. */
export const choreUnits = counter("uptime_chore_units_total", "What a chore made, changed or removed.")

/** Entries removed from the stream: `acknowledged` by every group, or `expired` before one of them had. */
export const trimmed = counter("uptime_stream_trimmed_total", "Entries removed from the stream, by why they could be.")

/** Results that found no partition of their day. */
export const defaultPartitionRows = gauge(
  "uptime_default_partition_rows",
  "Rows in the DEFAULT partition of the results, which is kept empty.",
)

/** 1 when somebody should look at the partitions. */
export const partitionAlarm = gauge(
  "uptime_partition_alarm",
  "1 when the partitions of the results reach less than three days ahead, or the DEFAULT partition holds rows.",
)

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

const set = (metric: Metric.Metric.Gauge<number>, region: Region, value: number): void =>
  Metric.tagged(metric, "region", region).unsafeUpdate(value, [])
