import * as Headers from "@effect/platform/Headers"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"

/**
 * An answer with more headers.
 *
 * Put together anew instead of changed: the platform's `setHeaders` adds properties to a copy made by spreading, and V8
 * gives each one of those a hidden class of its own, among the objects that it seldom collects (some kilobytes a request).
 *
 * @param defaults what it has where it does not say otherwise itself
 * @param decided what it has whatever it says itself; names in lower case
 */
export const withHeaders = (
  response: HttpServerResponse.HttpServerResponse,
  defaults: Headers.Headers,
  decided: Readonly<Record<string, string>>,
): HttpServerResponse.HttpServerResponse => {
  const { body, cookies, status, statusText } = response
  const headers = Object.assign(Headers.merge(defaults, response.headers), decided)
  const made = HttpServerResponse.empty({ status, statusText, headers, cookies })
  return body._tag === "Empty" ? made : HttpServerResponse.setBody(made, body)
}
