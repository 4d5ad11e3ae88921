import * as HttpLayerRouter from "@effect/platform/HttpLayerRouter"
import { RouteNotFound } from "@effect/platform/HttpServerError"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { Effect, Layer } from "effect"
import { acceptedEncoding } from "./Compression.ts"
import type { WebFile } from "./WebFile.ts"
import { indexPath, WebFiles } from "./WebFiles.ts"
import { welcomeLayer } from "./Welcome.ts"

/** The dashboard runs its own scripts and talks to its own api, and nothing else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ")

/**
 * The dashboard: its files, and its first page at every other address that nothing else is served at. Addresses of the
 * api, and names of files that are not there, are not found. Without a dashboard there is a page that says what runs here.
 */
export const webLayer: Layer.Layer<never, never, HttpLayerRouter.HttpRouter | WebFiles> = Layer.unwrapEffect(
  Effect.map(WebFiles, (files) => {
    const index = files.get(indexPath)
    if (index === undefined) return welcomeLayer
    const answer = Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      const path = request.url.split(/[?#]/, 1)[0] ?? ""
      const file = files.get(path) ?? (isPage(path) ? index : undefined)
      // Answered at the edge, as whatever else is not served.
      return file === undefined ? yield* Effect.die(new RouteNotFound({ request })) : answerWith(request, file)
    })
    return Layer.mergeAll(HttpLayerRouter.add("GET", "/", answer), HttpLayerRouter.add("GET", "/*", answer))
  }),
)

/** Whether an address may be one of the dashboard's pages: not of the api's, nor the name of a file. */
const isPage = (path: string): boolean => !/^\/(api|ping)(\/|$)/.test(path) && !/\.\w+$/.test(path)

const answerWith = (
  request: HttpServerRequest.HttpServerRequest,
  file: WebFile,
): HttpServerResponse.HttpServerResponse => {
  const encoding = acceptedEncoding(request.headers["accept-encoding"], [...file.compressed.keys()])
  const bytes = encoding === null ? undefined : file.compressed.get(encoding)
  const etag = `"${file.tag}${encoding === null ? "" : `-${encoding}`}"`
  const headers = {
    etag,
    "cache-control": file.cacheControl,
    "content-security-policy": policy,
    ...(file.compressed.size > 0 ? { vary: "Accept-Encoding" } : {}),
  }
  if (matches(request.headers["if-none-match"], etag)) return HttpServerResponse.empty({ status: 304, headers })
  return HttpServerResponse.uint8Array(bytes ?? file.bytes, {
    contentType: file.contentType,
    headers: encoding === null ? headers : { ...headers, "content-encoding": encoding },
  })
}

/** Whether a client has this form already (RFC 9110, 13.1.2). */
const matches = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(",").some((tag) => [etag, "*"].includes(tag.trim().replace(/^W\//, ""))) === true
