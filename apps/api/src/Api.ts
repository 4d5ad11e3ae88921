import * as HttpLayerRouter from "@effect/platform/HttpLayerRouter"
import * as HttpMiddleware from "@effect/platform/HttpMiddleware"
import { Api } from "@uptime/contract/Api"
import { healthPaths, healthRoutes } from "@uptime/runtime/HealthRoutes"
import { ProcessMetrics } from "@uptime/runtime/ProcessMetrics"
import { Layer } from "effect"
import { ApiSettings, type ApiSettingsValue } from "./ApiSettings.ts"
import { Accounts } from "./auth/Accounts.ts"
import { authHandlers } from "./auth/AuthHandlers.ts"
import { PasswordHasher } from "./auth/PasswordHasher.ts"
import { authenticationLayer } from "./auth/RequestSession.ts"
import { Tokens } from "./auth/Tokens.ts"
import { docsLayer } from "./http/Docs.ts"
import { edgeLayer } from "./http/Edge.ts"
import { pagePaths } from "./http/RouteTable.ts"
import { welcomeLayer } from "./http/Welcome.ts"
import { BulkService } from "./monitors/BulkService.ts"
import { FirstChecks } from "./monitors/FirstChecks.ts"
import { monitorHandlers } from "./monitors/MonitorHandlers.ts"
import { MonitorService } from "./monitors/MonitorService.ts"
import { resultHandlers } from "./results/ResultHandlers.ts"
import { ResultService } from "./results/ResultService.ts"

/**
 * The api: every call of the contract, its documentation at `/docs` and `/openapi.json`, and what watchers ask
 * (`/healthz`, `/readyz`, `/metrics`), served on the `HttpServer` it is given.
 *
 * It asks for the stores (`Users`, `Monitors`, `Results`, and the `SqlClient` under them, for changes that belong
 * together), the `CheckStream` to publish first checks on, `RateLimits` (`RateLimits.layerMemory` for a process that is
 * alone, `redisRateLimitsLayer` for several), the `SecretBox` to seal secrets with, and `Health`. It fails to start with a weak secret (`WeakSecret`) or where
 * threads cannot run (`HashThreadError`).
 *
 * Provide the `HttpServer` before all else: it drains while the stores are still there.
 */
export const apiLayer = (settings: ApiSettingsValue) =>
  HttpLayerRouter.serve(
    Layer.mergeAll(
      HttpLayerRouter.addHttpApi(Api, { openapiPath: pagePaths.openApi }).pipe(
        Layer.provide([authHandlers, monitorHandlers, resultHandlers]),
        Layer.provide(authenticationLayer),
      ),
      healthRoutes,
      docsLayer,
      welcomeLayer,
      edgeLayer,
    ),
    { disableLogger: true, disableListenLog: true },
  ).pipe(
    HttpMiddleware.withTracerDisabledForUrls(healthPaths),
    Layer.provide([
      Accounts.layerNoDeps,
      MonitorService.layerNoDeps,
      BulkService.layerNoDeps,
      ResultService.layerNoDeps,
    ]),
    Layer.provide([
      FirstChecks.layerNoDeps,
      PasswordHasher.layer({ cost: settings.passwordCost }),
      Tokens.layer({ secret: settings.jwtSecret, expiresIn: settings.jwtExpiresIn }),
      ProcessMetrics.layer,
    ]),
    Layer.provide(Layer.succeed(ApiSettings, settings)),
  )
