import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router"
import { ApiFailure } from "../api/ApiFailure.ts"
import { meQuery, summariesQuery } from "../api/queries.ts"
import { queryClient } from "../api/queryClient.ts"
import { channelRoutes } from "../channels/routes.ts"
import { readIncidentSearch } from "../incidents/incidentSearch.ts"
import { readMaintenanceSearch, readNewMaintenanceSearch } from "../maintenance/maintenanceSearch.ts"
import { readChartSearch } from "../monitors/detail/chart/chartSearch.ts"
import { readListSearch } from "../monitors/list/listSearch.ts"
import { MonitorsPage } from "../monitors/list/MonitorsPage.tsx"
import { readEditorSearch } from "../statusPages/editorTabs.ts"
import { readLabelSearch } from "../tags/labelSearch.ts"
import { ErrorState } from "../ui/Feedback.tsx"
import { Layout } from "./Layout.tsx"
import { NotFoundPage } from "./NotFoundPage.tsx"

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage })

/** Where to go after logging in: only an address within the dashboard. */
const readBack = (search: Record<string, unknown>): { readonly back?: string } =>
  typeof search["back"] === "string" && /^\/(?![/\\])/.test(search["back"]) ? { back: search["back"] } : {}

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  validateSearch: readBack,
  component: lazyRouteComponent(() => import("./LoginPage.tsx"), "LoginPage"),
})

const signupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/signup",
  validateSearch: readBack,
  component: lazyRouteComponent(() => import("./SignupPage.tsx"), "SignupPage"),
})

/** All pages of somebody who is logged in; who is not is led to the log-in, and back afterwards. */
const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "inside",
  beforeLoad: async ({ location }) => {
    void queryClient.prefetchQuery(summariesQuery)
    try {
      await queryClient.ensureQueryData(meQuery)
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 401) throw error
      throw redirect({ to: "/login", search: location.href === "/" ? {} : { back: location.href } })
    }
  },
  component: Layout,
  errorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
})

const monitorsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/",
  validateSearch: readListSearch,
  component: MonitorsPage,
})

/** Which monitor a new one is like. */
const readFrom = (search: Record<string, unknown>): { readonly from?: string } =>
  typeof search["from"] === "string" && search["from"] !== "" ? { from: search["from"] } : {}

const newMonitorRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/monitors/new",
  validateSearch: readFrom,
  component: lazyRouteComponent(() => import("../monitors/form/NewMonitorPage.tsx"), "NewMonitorPage"),
})

const monitorRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/monitors/$id",
  validateSearch: readChartSearch,
  component: lazyRouteComponent(() => import("../monitors/detail/MonitorPage.tsx"), "MonitorPage"),
})

const incidentsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/incidents",
  validateSearch: readIncidentSearch,
  component: lazyRouteComponent(() => import("../incidents/IncidentsPage.tsx"), "IncidentsPage"),
})

const incidentRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/incidents/$id",
  component: lazyRouteComponent(() => import("../incidents/IncidentPage.tsx"), "IncidentPage"),
})

const maintenancesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/maintenance",
  validateSearch: readMaintenanceSearch,
  component: lazyRouteComponent(() => import("../maintenance/MaintenancesPage.tsx"), "MaintenancesPage"),
})

const newMaintenanceRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/maintenance/new",
  validateSearch: readNewMaintenanceSearch,
  component: lazyRouteComponent(() => import("../maintenance/NewMaintenancePage.tsx"), "NewMaintenancePage"),
})

const maintenanceRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/maintenance/$id",
  component: lazyRouteComponent(() => import("../maintenance/MaintenancePage.tsx"), "MaintenancePage"),
})

const editMonitorRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/monitors/$id/edit",
  component: lazyRouteComponent(() => import("../monitors/form/EditMonitorPage.tsx"), "EditMonitorPage"),
})

const heartbeatRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/monitors/$id/heartbeat",
  component: lazyRouteComponent(() => import("../monitors/heartbeat/HeartbeatPage.tsx"), "HeartbeatPage"),
})

const statusPagesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/status-pages",
  component: lazyRouteComponent(() => import("../statusPages/StatusPagesPage.tsx"), "StatusPagesPage"),
})

const newStatusPageRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/status-pages/new",
  component: lazyRouteComponent(() => import("../statusPages/NewStatusPage.tsx"), "NewStatusPage"),
})

const statusPageRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/status-pages/$id",
  validateSearch: readEditorSearch,
  component: lazyRouteComponent(() => import("../statusPages/StatusPageEditor.tsx"), "StatusPageEditor"),
})

const tagsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/tags",
  validateSearch: readLabelSearch,
  component: lazyRouteComponent(() => import("../tags/TagsPage.tsx"), "TagsPage"),
})

const settingsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("../settings/SettingsPage.tsx"), "SettingsPage"),
})

/** The dashboard's addresses. A page is a chunk of its own; only the list comes with the first view. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([
    loginRoute,
    signupRoute,
    insideRoute.addChildren([
      monitorsRoute,
      newMonitorRoute,
      monitorRoute,
      editMonitorRoute,
      heartbeatRoute,
      incidentsRoute,
      incidentRoute,
      maintenancesRoute,
      newMaintenanceRoute,
      maintenanceRoute,
      ...channelRoutes(insideRoute),
      statusPagesRoute,
      newStatusPageRoute,
      statusPageRoute,
      tagsRoute,
      settingsRoute,
    ]),
  ]),
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
})

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router
  }
}
