import { routes } from "virtual:contract-routes"
import type { HttpApi, HttpApiEndpoint, HttpApiGroup } from "@effect/platform"
import type { Api } from "@uptime/contract/Api"
import { ApiFailure } from "./ApiFailure.ts"
import type { Wire } from "./Wire.ts"

type Groups = typeof Api extends HttpApi.HttpApi<infer _Id, infer G, infer _E, infer _R> ? G : never

/** The names of the contract's groups, such as `monitors`. */
export type GroupName = HttpApiGroup.HttpApiGroup.Name<Groups>

type Endpoints<G extends GroupName> = HttpApiGroup.HttpApiGroup.EndpointsWithName<Groups, G>

/** The names of a group's calls, such as `list`. */
export type EndpointName<G extends GroupName> = HttpApiEndpoint.HttpApiEndpoint.Name<Endpoints<G>>

type Endpoint<G extends GroupName, E extends EndpointName<G>> = Extract<Endpoints<G>, { readonly name: E }>

type Parts<T> =
  T extends HttpApiEndpoint.HttpApiEndpoint<
    infer _Name,
    infer _Method,
    infer Path,
    infer UrlParams,
    infer Payload,
    infer _Headers,
    infer Success,
    infer _Error,
    infer _R,
    infer _RE
  >
    ? { readonly path: Path; readonly urlParams: UrlParams; readonly payload: Payload; readonly success: Success }
    : never

type Part<G extends GroupName, E extends EndpointName<G>, K extends "path" | "urlParams" | "payload"> = [
  Parts<Endpoint<G, E>>[K],
] extends [never]
  ? { readonly [P in K]?: never }
  : // biome-ignore lint/complexity/noBannedTypes: a type all of whose keys may be left out
    {} extends Wire<Parts<Endpoint<G, E>>[K]>
    ? { readonly [P in K]?: Wire<Parts<Endpoint<G, E>>[K]> }
    : { readonly [P in K]: Wire<Parts<Endpoint<G, E>>[K]> }

/** What a call is given: its path's parts, its query and its body, as far as it has them. */
export type Request<G extends GroupName, E extends EndpointName<G>> = Part<G, E, "path"> &
  Part<G, E, "urlParams"> &
  Part<G, E, "payload"> & { readonly signal?: AbortSignal; readonly keepalive?: boolean }

/** What a call answers with, as JSON. */
export type Answer<G extends GroupName, E extends EndpointName<G>> = Wire<Parts<Endpoint<G, E>>["success"]>

interface AnyRequest {
  readonly path?: unknown
  readonly urlParams?: unknown
  readonly payload?: unknown
  readonly signal?: AbortSignal
  readonly keepalive?: boolean
}

/**
 * One call of the api, typed by the contract: `call("monitors", "get", { path: { id } })`. The session's cookie goes with it.
 *
 * @throws {ApiFailure} for every answer that is no success, and when there is none
 */
export const call = async <G extends GroupName, E extends EndpointName<G>>(
  group: G,
  endpoint: E,
  request: Request<G, E>,
): Promise<Answer<G, E>> => {
  const asked: AnyRequest = request
  const [method, url] = target(group, endpoint, asked)
  let response: Response
  try {
    response = await fetch(url, {
      method,
      credentials: "same-origin",
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
      ...(asked.keepalive === undefined ? {} : { keepalive: asked.keepalive }),
      // A change that comes with a cookie has to say that it is JSON, also without a body.
      ...(method === "GET" ? {} : { headers: { "content-type": "application/json" } }),
      ...(asked.payload === undefined ? {} : { body: JSON.stringify(asked.payload) }),
    })
  } catch (error) {
    if (asked.signal?.aborted === true) throw error
    throw ApiFailure.unreachable()
  }
  const body = await response.json().catch(() => undefined)
  if (!response.ok) throw ApiFailure.of(response.status, body)
  return body
}

/** The method and address of a call, with its path's parts and its query filled in. */
const target = (group: string, endpoint: string, { path, urlParams }: AnyRequest): readonly [string, string] => {
  const [method, template] = routes[group]?.[endpoint] ?? ["GET", "/"]
  const parts = new Map(entriesOf(path))
  const filled = template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(parts.get(name))))
  const query = new URLSearchParams(
    entriesOf(urlParams).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString()
  return [method, query === "" ? filled : `${filled}?${query}`]
}

const entriesOf = (value: unknown): ReadonlyArray<[string, unknown]> =>
  typeof value === "object" && value !== null ? Object.entries(value) : []
