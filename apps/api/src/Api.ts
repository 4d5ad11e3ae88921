import * as Etag from "@effect/platform/Etag"
import * as FileSystem from "@effect/platform/FileSystem"
import * as HttpLayerRouter from "@effect/platform/HttpLayerRouter"
import * as HttpMiddleware from "@effect/platform/HttpMiddleware"
import * as HttpPlatform from "@effect/platform/HttpPlatform"
import * as Path from "@effect/platform/Path"
import { Api } from "@uptime/contract/Api"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { healthPaths, healthRoutes } from "@uptime/runtime/HealthRoutes"
import { ProcessMetrics } from "@uptime/runtime/ProcessMetrics"
import { Effect, Fiber, FiberRef, Layer, Option } from "effect"
import { ApiSettings, type ApiSettingsValue } from "./ApiSettings.ts"
import { Accounts } from "./auth/Accounts.ts"
import { authHandlers } from "./auth/AuthHandlers.ts"
import { PasswordHasher } from "./auth/PasswordHasher.ts"
import { authenticationLayer } from "./auth/RequestSession.ts"
import { Tokens } from "./auth/Tokens.ts"
import { channelHandlers } from "./channels/ChannelHandlers.ts"
import { ChannelService } from "./channels/ChannelService.ts"
import { RecipientConfirmations } from "./channels/RecipientConfirmations.ts"
import { RecipientPages } from "./channels/RecipientPages.ts"
import { escalationHandlers } from "./escalations/EscalationHandlers.ts"
import { EscalationService } from "./escalations/EscalationService.ts"
import { eventHandlers } from "./events/EventHandlers.ts"
import { LiveEvents } from "./events/LiveEvents.ts"
import { heartbeatHandlers } from "./heartbeats/HeartbeatHandlers.ts"
import { HeartbeatService } from "./heartbeats/HeartbeatService.ts"
import { isPingPath } from "./heartbeats/PingAnswer.ts"
import { pingHandlers } from "./heartbeats/PingHandlers.ts"
import { PingService } from "./heartbeats/PingService.ts"
import { docsLayer } from "./http/Docs.ts"
import { edgeLayer } from "./http/Edge.ts"
import { pagePaths, routingOf } from "./http/RouteTable.ts"
import { webLayer } from "./http/Web.ts"
import { incidentHandlers } from "./incidents/IncidentHandlers.ts"
import { IncidentService } from "./incidents/IncidentService.ts"
import { labelHandlers } from "./labels/LabelHandlers.ts"
import { LabelService } from "./labels/LabelService.ts"
import { maintenanceHandlers } from "./maintenances/MaintenanceHandlers.ts"
import { MaintenanceService } from "./maintenances/MaintenanceService.ts"
import { BulkService } from "./monitors/BulkService.ts"
import { FirstChecks } from "./monitors/FirstChecks.ts"
import { monitorHandlers } from "./monitors/MonitorHandlers.ts"
import { MonitorService } from "./monitors/MonitorService.ts"
import { PagePictures } from "./pages/PagePictures.ts"
import { PageSubscriberService } from "./pages/PageSubscriberService.ts"
import { PageSubscriptions } from "./pages/PageSubscriptions.ts"
import { PublicSite } from "./pages/PublicSite.ts"
import { ServedPages } from "./pages/ServedPages.ts"
import { statusPageHandlers } from "./pages/StatusPageHandlers.ts"
import { StatusPageService } from "./pages/StatusPageService.ts"
import { reportHandlers } from "./reports/ReportHandlers.ts"
import { ReportService } from "./reports/ReportService.ts"
import { resultHandlers } from "./results/ResultHandlers.ts"
import { ResultService } from "./results/ResultService.ts"
import { testRunHandlers } from "./testRuns/TestRunHandlers.ts"
import { TestRunService } from "./testRuns/TestRunService.ts"

const handlers = Layer.mergeAll(
  authHandlers,
  monitorHandlers,
  testRunHandlers,
  resultHandlers,
  channelHandlers,
  escalationHandlers,
  incidentHandlers,
  maintenanceHandlers,
  heartbeatHandlers,
  pingHandlers,
  reportHandlers,
  labelHandlers,
  statusPageHandlers,
  eventHandlers,
)

/** The calls of the contract. Their handlers hold what they need; a request carries none of it. */
const apiRoutes = Layer.unwrapEffect(
  Effect.map(Effect.context<Layer.Layer.Context<typeof handlers>>(), (services) =>
    HttpLayerRouter.addHttpApi(Api, { openapiPath: pagePaths.openApi }).pipe(
      Layer.provide(Layer.provide(handlers, Layer.succeedContext(services))),
      builtWith(
        HttpLayerRouter.HttpRouter,
        Etag.Generator,
        FileSystem.FileSystem,
        HttpPlatform.HttpPlatform,
        Path.Path,
      ),
    ),
  ),
)

/**
 * The api: every call of the contract, its documentation at `/docs` and `/openapi.json`, and what watchers ask
 * (`/healthz`, `/readyz`, `/metrics`), served on the `HttpServer` it is given.
 *
 * It asks for the stores (`ApiStores`, and the `SqlClient` under them, for changes that belong together), the `CheckStream`
 * to publish first checks on, the `TestRuns` that workers take, the `Events` of all processes, `RateLimits`
 * (`RateLimits.layerMemory` for a process that is alone, `redisRateLimitsLayer` for several), the `SecretBox` to seal secrets
 * with, the files of the dashboard (`WebFiles`), `GuardedHttp` and `Mailer` to send test messages, `SubscriberHttp` for webhooks
 * that visitors give, `TxtRecords` to look up whose host names are, and `Health`. It fails to start with a weak secret (`WeakSecret`) or where
 * threads cannot run (`HashThreadError`).
 *
 * Provide the `HttpServer` before all else: it drains while the stores are still there.
 */
export const apiLayer = (settings: ApiSettingsValue) =>
  HttpLayerRouter.serve(
    Layer.mergeAll(Layer.provide(apiRoutes, authenticationLayer), healthRoutes, docsLayer, webLayer, edgeLayer),
    { disableLogger: true, disableListenLog: true },
  ).pipe(
    // Where nothing is traced, what a span would say of each request is not put together for nothing. The paths of pings hold
    // secrets, also where somebody has miswritten them.
    HttpMiddleware.withTracerDisabledWhen(
      ({ method, url }) =>
        !isTraced() || isPingPath(url) || healthPaths.includes(url) || routingOf(method, url).isMiswritten,
    ),
    Layer.provide([
      Accounts.layerNoDeps,
      MonitorService.layerNoDeps,
      BulkService.layerNoDeps,
      TestRunService.layerNoDeps,
      ResultService.layerNoDeps,
      Layer.provide(ChannelService.layerNoDeps, RecipientConfirmations.layerNoDeps),
      RecipientPages.layerNoDeps,
      EscalationService.layerNoDeps,
      IncidentService.layerNoDeps,
      MaintenanceService.layerNoDeps,
      HeartbeatService.layerNoDeps,
      PingService.layerNoDeps,
      ReportService.layerNoDeps,
      LabelService.layerNoDeps,
      StatusPageService.layerNoDeps,
      PageSubscriberService.layerNoDeps,
      LiveEvents.layerNoDeps,
      Layer.provide(PublicSite.layerNoDeps, [PageSubscriptions.layerNoDeps, PagePictures.layer]),
    ]),
    Layer.provide([
      ServedPages.layerNoDeps,
      FirstChecks.layerNoDeps,
      PasswordHasher.layer({ cost: settings.passwordCost }),
      Tokens.layer({ secret: settings.jwtSecret, expiresIn: settings.jwtExpiresIn }),
      ProcessMetrics.layer,
    ]),
    Layer.provide(Layer.succeed(ApiSettings, settings)),
  )

/** Whether the request that is looked at is part of a trace (`Tracing`). */
const isTraced = (): boolean =>
  Option.exists(Fiber.getCurrentFiber(), (fiber) => fiber.getFiberRef(FiberRef.currentTracerEnabled))
