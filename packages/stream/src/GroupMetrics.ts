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

const set = (metric: Metric.Metric.Gauge<number>, region: Region, value: number): void =>
  Metric.tagged(metric, "region", region).unsafeUpdate(value, [])
