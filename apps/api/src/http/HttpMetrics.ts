import { counter, histogram, secondsBounds } from "@uptime/runtime/Metrics"
import { Metric, MetricLabel } from "effect"

const requests = counter("uptime_http_requests_total", "Requests answered, by method, route and class of status.")
const durations = histogram(
  "uptime_http_request_duration_seconds",
  "From a request's headers to its answer, by method and route.",
  secondsBounds,
)

const knownMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])

/**
 * Counts an answered request. Labels are of fixed sets: the method, the route's template and the status' first digit.
 *
 * @param route the template of the path, such as `/api/monitor/:id`
 */
export const countRequest = (method: string, route: string, status: number, durationMs: number): void => {
  const labels = [
    MetricLabel.make("method", knownMethods.has(method) ? method : "other"),
    MetricLabel.make("route", route),
  ]
  Metric.taggedWithLabels(durations, labels).unsafeUpdate(durationMs / 1000, [])
  Metric.taggedWithLabels(requests, [
    ...labels,
    MetricLabel.make("status", `${Math.floor(status / 100)}xx`),
  ]).unsafeUpdate(1, [])
}
