import { counter, histogram, secondsBounds } from "@uptime/runtime/Metrics"

/** By `kind` of channel, and `outcome`: `sent`, `retried` later, or `dead`. */
export const deliveries = counter("uptime_alert_deliveries_total", "Tries to deliver a message, by how they ended.")

/** By `kind` of channel. */
export const deliveryDuration = histogram(
  "uptime_alert_delivery_seconds",
  "How long it took a receiver to take a message, or to fail.",
  secondsBounds,
)
