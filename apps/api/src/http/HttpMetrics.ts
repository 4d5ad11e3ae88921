import { counterSeries, histogramSeries, secondsBounds } from "@uptime/runtime/Metrics"
import type { Metric } from "effect"

/** What is counted of requests that are alike. */
interface RequestSeries {
  readonly answered: Metric.Metric.Counter<number>
  readonly took: Metric.Metric.Histogram<number>
}

/** As many as there are methods, routes and classes of status: looked up once each, since every request is counted. */
const known = new Map<string, RequestSeries>()

const seriesOf = (method: string, route: string, status: string): RequestSeries => {
  const key = `${method} ${status} ${route}`
  const found = known.get(key)
  if (found !== undefined) return found
  const made: RequestSeries = {
    answered: counterSeries("uptime_http_requests_total", "Requests answered, by method, route and class of status.", {
      method,
      route,
      status,
    }),
    took: histogramSeries(
      "uptime_http_request_duration_seconds",
      "From a request's headers to its answer, by method and route.",
      secondsBounds,
      { method, route },
    ),
  }
  known.set(key, made)
  return made
}

const knownMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])

/**
 * Counts an answered request. Labels are of fixed sets: the method, the route's template and the status' first digit.
 *
 * @param route the template of the path, such as `/api/monitor/:id`
 */
export const countRequest = (method: string, route: string, status: number, durationMs: number): void => {
  const { answered, took } = seriesOf(
    knownMethods.has(method) ? method : "other",
    route,
    `${Math.floor(status / 100)}xx`,
  )
  took.unsafeUpdate(durationMs / 1000, [])
  answered.unsafeUpdate(1, [])
}
