import { createHash } from "node:crypto"
import * as HttpApiSwagger from "@effect/platform/HttpApiSwagger"
import * as HttpLayerRouter from "@effect/platform/HttpLayerRouter"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { Api } from "@uptime/contract/Api"
import { Effect, Layer } from "effect"
import { pagePaths } from "./RouteTable.ts"

/**
 * The API for people to read and try: Swagger UI, all of it within the page, so that it shows on a network without a way
 * out. Its policy lets run what the page came with, by digest, and lets it call this site alone.
 */
export const docsLayer: Layer.Layer<never, never, HttpLayerRouter.HttpRouter> = Layer.suspend(() => {
  let policy: string | null = null
  const withPolicy = HttpLayerRouter.middleware((httpApp) =>
    Effect.map(httpApp, (response) => {
      policy ??= policyOf(response)
      return HttpServerResponse.setHeader(response, "content-security-policy", policy)
    }),
  ).layer
  return HttpApiSwagger.layerHttpLayerRouter({ api: Api, path: pagePaths.docs }).pipe(Layer.provide(withPolicy))
})

const policyOf = (response: HttpServerResponse.HttpServerResponse): string => {
  const html = response.body._tag === "Uint8Array" ? new TextDecoder().decode(response.body.body) : ""
  const digests = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = ""]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  )
  return [
    "default-src 'none'",
    `script-src ${digests.join(" ")}`,
    // Swagger UI sets styles on its elements.
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ")
}
