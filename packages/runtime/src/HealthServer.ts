import * as HttpLayerRouter from "@effect/platform/HttpLayerRouter"
import * as HttpMiddleware from "@effect/platform/HttpMiddleware"
import { Layer } from "effect"
import type { Health } from "./Health.ts"
import { healthPaths, healthRoutes } from "./HealthRoutes.ts"
import { type HttpServerOptions, httpServerLayer, type ListenError } from "./HttpServer.ts"
import { ProcessMetrics } from "./ProcessMetrics.ts"

/** How long a scrape in flight may go on when the process stops, in milliseconds. */
const graceMs = 1_000

/**
 * A small server for a process that has no other: `/healthz`, `/readyz` and `/metrics` on `host` and `port`.
 */
export const healthServerLayer = (
  options: Omit<HttpServerOptions, "graceMs">,
): Layer.Layer<never, ListenError, Health> =>
  HttpLayerRouter.serve(Layer.provide(healthRoutes, ProcessMetrics.layer), { disableLogger: true }).pipe(
    HttpMiddleware.withTracerDisabledForUrls(healthPaths),
    Layer.provide(httpServerLayer({ ...options, graceMs })),
  )
