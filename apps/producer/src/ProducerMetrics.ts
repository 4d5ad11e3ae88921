import { counter, gauge, histogram } from "@uptime/runtime/Metrics"

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

/** Changes of status that were judged. */
export const judged = counter("uptime_status_changes_judged_total", "Changes of a monitor's status that were judged.")

/** By `change`: `opened` or `resolved`. */
export const incidents = counter("uptime_incidents_total", "Incidents opened and resolved.")

export const openIncidents = gauge("uptime_incidents_open", "Incidents that are open.")

/** How long the oldest change has waited. */
export const judgeLag = gauge(
  "uptime_judge_lag_seconds",
  "How long the oldest change of a status that nobody has judged has waited.",
)

/** By `state`: `pending` or `dead`. */
export const messages = gauge("uptime_alert_messages", "Messages that wait to be sent, or could not be delivered.")

/** How long the message has been due that waits longest. */
export const oldestMessage = gauge(
  "uptime_alert_oldest_message_age_seconds",
  "How long the message has been due that waits longest.",
)
