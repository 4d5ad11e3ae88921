import * as HttpLayerRouter from "@effect/platform/HttpLayerRouter"
import * as HttpMiddleware from "@effect/platform/HttpMiddleware"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { Effect, type Layer, Metric } from "effect"
import { Health } from "./Health.ts"
import { ProcessMetrics } from "./ProcessMetrics.ts"
import { prometheusContentType, prometheusText } from "./PrometheusText.ts"

/** The paths that watchers ask, to be left out of traces (`HttpMiddleware.withTracerDisabledForUrls`). */
export const healthPaths: ReadonlyArray<string> = ["/healthz", "/readyz", "/metrics"]

/**
 * What every process answers to its watchers, on whichever router it is added to:
 *
 * - `GET /healthz`: 200 `{ "status": "alive" }` as long as the process answers at all
 * - `GET /readyz`: 200 `{ "status": "ready", "failing": [] }`, or 503 `{ "status": "unready", "failing": ["database"] }`
 * - `GET /metrics`: the metrics of the process in the Prometheus text format
 *
 * None of them is logged.
 */
export const healthRoutes: Layer.Layer<never, never, HttpLayerRouter.HttpRouter | Health | ProcessMetrics> =
  HttpLayerRouter.use(
    Effect.fnUntraced(function* (router) {
      const health = yield* Health
      const processMetrics = yield* ProcessMetrics
      yield* router.add(
        "GET",
        "/healthz",
        HttpMiddleware.withLoggerDisabled(noStore(HttpServerResponse.unsafeJson({ status: "alive" }))),
      )
      yield* router.add(
        "GET",
        "/readyz",
        HttpMiddleware.withLoggerDisabled(
          Effect.flatMap(health.report, ({ failing, ready }) =>
            noStore(
              HttpServerResponse.unsafeJson(
                { status: ready ? "ready" : "unready", failing },
                { status: ready ? 200 : 503 },
              ),
            ),
          ),
        ),
      )
      yield* router.add(
        "GET",
        "/metrics",
        HttpMiddleware.withLoggerDisabled(
          Effect.gen(function* () {
            const text = prometheusText(yield* Metric.snapshot) + (yield* processMetrics.text)
            return yield* noStore(HttpServerResponse.text(text, { contentType: prometheusContentType }))
          }),
        ),
      )
    }),
  )

const noStore = (response: HttpServerResponse.HttpServerResponse) =>
  HttpServerResponse.setHeader(response, "cache-control", "no-store").pipe(Effect.succeed)
