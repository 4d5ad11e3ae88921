import { randomUUID } from "node:crypto"
import type { OutgoingHttpHeaders } from "node:http2"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { isFramingHeader } from "@uptime/domain/checks/HttpCheck"
import type { SecretBox } from "@uptime/runtime/SecretBox"
import { type Context, Either } from "effect"
import type { HeaderField } from "./HttpAnswer.ts"
import { failure, type ProbeFailure, unreadableSecret } from "./ProbeFailure.ts"

/** One request of a check. What is confidential is kept apart, because it must not follow a redirect to another origin. */
export interface HttpRequest {
  readonly url: URL
  readonly method: string
  /** Fields that go wherever a redirect leads. */
  readonly headers: ReadonlyArray<HeaderField>
  /** Fields for the first origin alone: credentials, secrets, cookies, another host name. */
  readonly ownHeaders: ReadonlyArray<HeaderField>
  /** Null when there is none. */
  readonly body: Buffer | null
  /** Whether this is still the origin that the monitor names, to which the client's certificate may be shown. */
  readonly isOwn: boolean
}

const none: ReadonlyArray<HeaderField> = []

/** Fields that carry credentials, and the name of the host that they are for, whoever sets them. */
const confidential: ReadonlySet<string> = new Set(["authorization", "cookie", "host", "proxy-authorization"])

const unfitHeader = failure(
  "internal",
  "a secret of this monitor holds characters that no header can carry: give it again",
)

/**
 * The first request of a check.
 *
 * @returns a failure when a secret cannot be read, or is not fit for a header
 */
export const firstRequest = (
  { http }: CheckSpec,
  url: URL,
  secrets: Context.Tag.Service<typeof SecretBox>,
): Either.Either<HttpRequest, ProbeFailure> => {
  if (http === undefined) {
    return Either.right({ url, method: "GET", headers: none, ownHeaders: none, body: null, isOwn: true })
  }
  const headers: Array<HeaderField> = []
  const ownHeaders: Array<HeaderField> = []
  for (const { name, value } of http.headers ?? []) {
    const key = name.toLowerCase()
    if (!isFramingHeader(key)) (confidential.has(key) ? ownHeaders : headers).push([name, value])
  }
  for (const { name, value } of http.secretHeaders ?? []) {
    const text = secrets.unseal(value)
    if (Either.isLeft(text)) return Either.left(unreadableSecret(text.left))
    if (!isHeaderValue(text.right)) return Either.left(unfitHeader)
    if (!isFramingHeader(name)) ownHeaders.push([name, text.right])
  }
  const { auth } = http
  if (auth?.type === "basic") {
    const password = auth.password === undefined ? Either.right("") : secrets.unseal(auth.password)
    if (Either.isLeft(password)) return Either.left(unreadableSecret(password.left))
    setField(ownHeaders, "Authorization", basicCredentials(auth.username, password.right))
  } else if (auth?.type === "bearer") {
    const token = secrets.unseal(auth.token)
    if (Either.isLeft(token)) return Either.left(unreadableSecret(token.left))
    if (!isHeaderValue(token.right)) return Either.left(unfitHeader)
    setField(ownHeaders, "Authorization", `Bearer ${token.right}`)
  }
  const type = http.body === undefined ? undefined : contentTypes[http.body.type]
  if (type !== undefined && !hasField([...headers, ...ownHeaders], "content-type")) headers.push(["Content-Type", type])
  return Either.right({
    url: http.cacheBust === true ? withUniqueParameter(url) : url,
    method: http.method ?? "GET",
    headers,
    ownHeaders,
    body: http.body === undefined ? null : Buffer.from(http.body.content, "utf8"),
    isOwn: true,
  })
}

const contentTypes = { json: "application/json", form: "application/x-www-form-urlencoded", raw: undefined }

/** The value of an `Authorization` field by RFC 7617, in UTF-8. */
export const basicCredentials = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`

/** The same request with a bearer token (RFC 6750) for its origin. */
export const withBearer = (request: HttpRequest, token: string): HttpRequest => {
  const ownHeaders = [...request.ownHeaders]
  setField(ownHeaders, "Authorization", `Bearer ${token}`)
  return { ...request, ownHeaders }
}

/** What RFC 9110, section 5.5, lets a value be, in ASCII. */
export const isHeaderValue = (text: string): boolean => /^(?:[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?$/.test(text)

const hasField = (fields: ReadonlyArray<HeaderField>, name: string): boolean =>
  fields.some(([field]) => field.toLowerCase() === name)

const setField = (fields: Array<HeaderField>, name: string, value: string): void => {
  const key = name.toLowerCase()
  for (let i = fields.length - 1; i >= 0; i--) if (fields[i]?.[0].toLowerCase() === key) fields.splice(i, 1)
  fields.push([name, value])
}

const withUniqueParameter = (url: URL): URL => {
  const unique = new URL(url)
  unique.search += `${unique.search === "" ? "?" : "&"}uptime=${randomUUID()}`
  return unique
}

/**
 * The request that follows a redirect, as browsers make it (Fetch, "HTTP-redirect fetch"): 303, and 301 and 302 in answer
 * to a POST, turn it into a GET without a body. Where the origin changes, and so from https to http, everything
 * confidential and the body stay behind, for good.
 */
export const redirected = (request: HttpRequest, status: number, url: URL): HttpRequest => {
  const { method } = request
  const isGet =
    (status === 303 && method !== "GET" && method !== "HEAD") ||
    ((status === 301 || status === 302) && method === "POST")
  const isSame = url.origin === request.url.origin
  const body = isGet || !isSame ? null : request.body
  return {
    url,
    method: isGet ? "GET" : method,
    headers: body === request.body ? request.headers : request.headers.filter(([name]) => !/^content-/i.test(name)),
    ownHeaders: isSame ? request.ownHeaders : none,
    body,
    isOwn: request.isOwn && isSame,
  }
}

/** How long a body is said to be: always where there is one, and as 0 where its absence means something (RFC 9110, section 8.6). */
const contentLength = ({ body, method }: HttpRequest): number | null => {
  if (body !== null) return body.length
  return method === "POST" || method === "PUT" || method === "PATCH" ? 0 : null
}

/**
 * The head of a request as HTTP/1.1 writes it, in ASCII. `identity`, because a body is counted and not decoded; `close`,
 * because no connection is used twice. Fields of the monitor's own go before the usual ones.
 */
export const requestHead = (request: HttpRequest, userAgent: string): string => {
  const { headers, ownHeaders, url } = request
  let head = `${request.method} ${url.pathname}${url.search} HTTP/1.1\r\n`
  if (headers.length === 0 && ownHeaders.length === 0) {
    head += `Host: ${url.host}\r\nUser-Agent: ${userAgent}\r\nAccept: */*\r\nAccept-Encoding: identity\r\n`
  } else {
    for (const [name, value] of usualFields(request, userAgent)) head += `${name}: ${value}\r\n`
    for (const [name, value] of headers) head += `${name}: ${value}\r\n`
    for (const [name, value] of ownHeaders) head += `${name}: ${value}\r\n`
  }
  const length = contentLength(request)
  if (length !== null) head += `Content-Length: ${length}\r\n`
  return `${head}Connection: close\r\n\r\n`
}

/** The fields of every request, but for those that the monitor sets itself. */
const usualFields = ({ headers, ownHeaders, url }: HttpRequest, userAgent: string): ReadonlyArray<HeaderField> => {
  const usual: ReadonlyArray<HeaderField> = [
    ["Host", url.host],
    ["User-Agent", userAgent],
    ["Accept", "*/*"],
    ["Accept-Encoding", "identity"],
  ]
  return usual.filter(([name]) => !hasField(headers, name.toLowerCase()) && !hasField(ownHeaders, name.toLowerCase()))
}

/** The fields of a request as HTTP/2 sends them (RFC 9113, section 8.3.1). */
export const http2Headers = (request: HttpRequest, userAgent: string): OutgoingHttpHeaders => {
  const { headers, method, ownHeaders, url } = request
  const fields = new Map<string, string>()
  for (const [name, value] of [...usualFields(request, userAgent), ...headers, ...ownHeaders]) {
    const key = name.toLowerCase()
    const before = fields.get(key)
    fields.set(key, before === undefined ? value : `${before}${key === "cookie" ? "; " : ", "}${value}`)
  }
  const authority = fields.get("host") ?? url.host
  fields.delete("host")
  const length = contentLength(request)
  if (length !== null) fields.set("content-length", String(length))
  return {
    ":method": method,
    ":scheme": "https",
    ":authority": authority,
    ":path": `${url.pathname}${url.search}`,
    ...Object.fromEntries(fields),
  }
}
