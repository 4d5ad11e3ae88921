import * as HttpLayerRouter from "@effect/platform/HttpLayerRouter"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import type { Layer } from "effect"
import { pagePaths } from "./RouteTable.ts"

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Uptime</title>
<h1>Uptime</h1>
<p>The monitor is running. This is its API:</p>
<ul>
<li><a href="${pagePaths.docs}">every call, to read and to try</a></li>
<li><a href="${pagePaths.openApi}">the same as an OpenAPI document</a></li>
<li><a href="/readyz">whether it is ready</a>, <a href="/metrics">its metrics</a></li>
</ul>
</html>
`

/** What someone sees who opens the address in a browser: that it works, and where to go on. */
export const welcomeLayer: Layer.Layer<never, never, HttpLayerRouter.HttpRouter> = HttpLayerRouter.add(
  "GET",
  pagePaths.welcome,
  HttpServerResponse.html(page),
)
