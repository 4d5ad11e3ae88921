import * as HttpApi from "@effect/platform/HttpApi"
import { FindMyWay } from "@effect/platform/HttpLayerRouter"
import { Api } from "@uptime/contract/Api"
import { healthPaths } from "@uptime/runtime/HealthRoutes"

/** A call that is served: its method and the template of its path. */
export interface ServedRoute {
  readonly method: string
  readonly path: `/${string}`
}

/** What people and watchers read beside the API, without being logged in. */
export const pagePaths = { welcome: "/", docs: "/docs", openApi: "/openapi.json" } as const

/** Every route that is served. */
export const servedRoutes: ReadonlyArray<ServedRoute> = listRoutes()

function listRoutes(): ReadonlyArray<ServedRoute> {
  const routes: Array<ServedRoute> = []
  for (const path of [...Object.values(pagePaths), ...healthPaths]) {
    if (isPath(path)) routes.push({ method: "GET", path })
  }
  HttpApi.reflect(Api, {
    onGroup: () => undefined,
    onEndpoint: ({ endpoint }) => {
      routes.push({ method: endpoint.method, path: endpoint.path })
    },
  })
  return routes
}

function isPath(path: string): path is `/${string}` {
  return path.startsWith("/")
}

const table = FindMyWay.make<ServedRoute>()
for (const route of servedRoutes) table.on(route.method, route.path, route)

/** Every method that some route takes, in the order that `Allow` lists them. */
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

/** The route that the router finds for a request, however its path is written. */
const findAnyhow = (method: string, url: string): ServedRoute | undefined =>
  table.find(method, url)?.handler ?? (method === "HEAD" ? table.find("GET", url)?.handler : undefined)

/** Whether a URL is written as a template is, but for its parameters and one slash at its end. */
const isWritten = (template: string, url: string): boolean => {
  const path = url.split(/[?#]/, 1)[0] ?? ""
  const written = (path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path).split("/")
  const parts = template.split("/")
  return parts.length === written.length && parts.every((part, i) => part.startsWith(":") || part === written[i])
}

/** What serves a request. */
export interface Routing {
  /** The template of its path, for metrics: one of a fixed set; `none` where nothing is served. */
  readonly route: string
  /**
   * Whether the router serves a path that is written in another way than its template: `//ping/…`, `/API/auth/me`,
   * `/%61pi/auth/me`, `http://elsewhere/api/auth/me`. Whoever looks at a path before the router does, be it a proxy or the
   * edge of this process, would take it for another one: it is answered as if nothing were there.
   */
  readonly isMiswritten: boolean
}

/** What serves a request of a method and a URL. */
export const routingOf = (method: string, url: string): Routing => {
  const route = findAnyhow(method, url)
  if (route === undefined) return nothing
  return isWritten(route.path, url) ? { route: route.path, isMiswritten: false } : miswritten
}

const nothing: Routing = { route: "none", isMiswritten: false }
const miswritten: Routing = { route: "none", isMiswritten: true }

/** The methods that a path takes; none for a path that is not served. */
export const allowedMethods = (url: string): ReadonlyArray<string> =>
  methods.filter((method) => routingOf(method, url).route !== "none")
