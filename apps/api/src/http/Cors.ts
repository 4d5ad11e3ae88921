import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { Option } from "effect"

/**
 * Which other sites' pages may call the API, with a person's session: those on the list, by exact match. Everyone else gets
 * no word of permission, and an answer that depends on the list says so (`Vary`), listed or not.
 */
export const makeCors = (origins: ReadonlyArray<string>) => {
  const listed = new Set(origins)
  const allowed = (request: HttpServerRequest.HttpServerRequest): Readonly<Record<string, string>> => {
    if (listed.size === 0) return {}
    const { origin } = request.headers
    return origin !== undefined && listed.has(origin)
      ? { vary: "Origin", "access-control-allow-origin": origin, "access-control-allow-credentials": "true" }
      : { vary: "Origin" }
  }
  return {
    /** The answer to a browser that asks for permission first; none for any other request. */
    preflight: (request: HttpServerRequest.HttpServerRequest): Option.Option<HttpServerResponse.HttpServerResponse> => {
      const { headers, method } = request
      if (listed.size === 0 || method !== "OPTIONS" || headers["access-control-request-method"] === undefined) {
        return Option.none()
      }
      const permission = allowed(request)
      return Option.some(
        HttpServerResponse.empty({
          status: 204,
          headers:
            permission["access-control-allow-origin"] === undefined
              ? permission
              : {
                  ...permission,
                  "access-control-allow-methods": "GET, POST, PUT, DELETE",
                  "access-control-allow-headers": "authorization, content-type",
                  "access-control-max-age": "600",
                },
        }),
      )
    },
    /** The headers of an answer by which the page that asked may read it. */
    permission: (request: HttpServerRequest.HttpServerRequest): Readonly<Record<string, string>> =>
      listed.size === 0 || request.headers["origin"] === undefined
        ? allowed(request)
        : { ...allowed(request), "access-control-expose-headers": "retry-after, x-request-id" },
  }
}
