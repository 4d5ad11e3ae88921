import type { List } from "./Belongings.ts"
import { hostileText, mutated } from "./Hostile.ts"
import type { OpenApiDocument, Operation } from "./OpenApiDocument.ts"
import type { Random } from "./Random.ts"
import { type Cast, someId, Values } from "./Values.ts"
import type { WireRequest } from "./Wire.ts"

/** A request, and what must be said of its answer besides what holds for all. */
export interface Attempt {
  readonly operation: Operation
  readonly sent: WireRequest
  readonly cast: Cast
  /** Whether it is as the document says, and who sends it is logged in. */
  readonly isPlain: boolean
  /** Whether what it asks for by its path is surely not there, or not theirs. */
  readonly isForeign: boolean
  /** Whether nobody is logged in. */
  readonly isAnonymous: boolean
}

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] as const

const contentTypes = [
  "text/plain",
  "application/xml",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/json; charset=utf-16",
  "application/JSON ; a=b",
  "image/svg+xml",
  "*/*",
] as const

const oddHeaders: readonly [Readonly<Record<string, string>>, ...ReadonlyArray<Readonly<Record<string, string>>>] = [
  { "x-forwarded-host": "evil.example.com", "x-forwarded-proto": "javascript" },
  { "x-forwarded-for": "1.2.3.4, garbage, ::ffff:5.6.7.8" },
  { "x-http-method-override": "DELETE", "x-method-override": "DELETE" },
  { "x-user-id": "0190a5f4-0000-7000-8000-00000000dead", "x-tenant": "1", "is-multi-tenant-query": "true" },
  { "x-original-url": "/api/auth/me", "x-rewrite-url": "/api/auth/me" },
  { host: "evil.example.com" },
  { origin: "null" },
  { "accept-language": "x".repeat(2_000) },
  { "if-none-match": "*", "if-modified-since": "garbage", range: "bytes=0-1" },
  { accept: "text/html", "accept-encoding": "gzip;q=-1, br;q=x, identity" },
  { "x-request-id": "a\tb' OR 1=1", traceparent: "00-garbage", "last-event-id": "%00" },
  { cookie: "token=; token=garbage; __proto__=1" },
]

/** Operations that end the session that they are sent with, or may. */
export const endsSessions = ({ path }: Operation): boolean => path.startsWith("/api/auth/")

/** Which list the parameter of a path is of. */
const listOfPath = (path: string): List | null => {
  const [, , first] = path.split("/")
  if (first === "results") return "monitor"
  return first === "monitor" ||
    first === "channels" ||
    first === "escalations" ||
    first === "maintenances" ||
    first === "status-pages" ||
    first === "incidents"
    ? first
    : null
}

/** Makes requests: about a third as the document says, the others wrong in one way or two. */
export class Attempts {
  private readonly values: Values
  private readonly random: Random
  constructor(document: OpenApiDocument, random: Random) {
    this.values = new Values(document, random)
    this.random = random
  }

  next(operation: Operation, cast: Cast): Attempt {
    const plain = this.plain(operation, cast)
    if (this.random.chance(0.35)) return plain
    const spoilt = this.spoilt(plain)
    return this.random.chance(0.2) ? this.spoilt(spoilt) : spoilt
  }

  private plain(operation: Operation, cast: Cast): Attempt {
    const { random } = this
    const foreign = operation.isPublic ? undefined : this.foreignId(operation, cast)
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(foreign ?? this.pathValue(operation, name, cast)),
    )
    const query = operation.parameters
      .filter((parameter) => parameter.in === "query" && (parameter.required === true || random.chance(0.3)))
      .map(({ name, schema }) => `${name}=${encodeURIComponent(this.queryValue(operation, name, schema, cast))}`)
    const body = operation.body === null ? null : JSON.stringify(this.values.of(operation.body, "", cast))
    return {
      operation,
      cast,
      isPlain: true,
      isForeign: foreign !== undefined,
      isAnonymous: false,
      sent: {
        method: operation.method,
        path: query.length === 0 ? path : `${path}?${query.join("&")}`,
        headers: {
          ...(operation.isPublic ? {} : { authorization: `Bearer ${cast.tenant.token}` }),
          ...(body === null ? {} : { "content-type": "application/json" }),
          // From everywhere, so that no limit of one place hides what is behind it.
          "x-forwarded-for": `192.0.${random.below(256)}.${random.below(256)}`,
        },
        body: body === null ? null : Buffer.from(body),
      },
    }
  }

  /** An id that must not be found: a deleted one's, or somebody else's. */
  private foreignId({ path }: Operation, { stranger, tenant }: Cast): string | undefined {
    const list = path.includes("{") ? listOfPath(path) : null
    if (list === null || !this.random.chance(0.12)) return undefined
    return this.random.chance(0.5)
      ? tenant.belongings.deleted(list, this.random)
      : stranger.belongings.one(list, this.random)
  }

  private pathValue({ path }: Operation, name: string, cast: Cast): string {
    const { random } = this
    if (name === "event") return random.pick(["start", "fail", "log", "0", "7"])
    if (name === "pingId" || name === "token") {
      return cast.tenant.belongings.pingId(random) ?? "0190a5f4-0000-4000-8000-00000000dead"
    }
    const list = name === "id" || name === "monitorId" ? listOfPath(path) : null
    return list === null ? "0190a5f4-0000-7000-8000-00000000dead" : someId(list, cast, random)
  }

  private queryValue({ path }: Operation, name: string, schema: Operation["parameters"][number]["schema"], cast: Cast) {
    if (name === "cursor") return cast.tenant.belongings.cursor(path) ?? ""
    if (name === "ids") return [someId("monitor", cast, this.random)].join(",")
    const value = this.values.of(schema, name, cast)
    return typeof value === "string" ? value : JSON.stringify(value)
  }

  private spoilt(attempt: Attempt): Attempt {
    const { random } = this
    const kind = attempt.sent.body === null ? 9 + random.below(9) : random.below(18)
    const wrong = { ...attempt, isPlain: false, isForeign: false }
    if (kind < 6) return { ...wrong, sent: this.withWrongBody(attempt.sent) }
    if (kind < 9) return { ...wrong, sent: this.withBrokenBody(attempt.sent) }
    if (kind < 11) return { ...wrong, sent: this.withWrongQuery(attempt) }
    if (kind < 13) return { ...wrong, sent: this.withWrongPath(attempt) }
    if (kind < 14) return { ...wrong, sent: { ...attempt.sent, method: random.pick(methods) } }
    if (kind < 16) return { ...wrong, sent: this.withHeaders(attempt.sent, random.pick(oddHeaders)) }
    return { ...wrong, sent: this.withWrongSession(attempt.sent), isAnonymous: true }
  }

  private withHeaders(sent: WireRequest, headers: Readonly<Record<string, string>>): WireRequest {
    return { ...sent, headers: { ...sent.headers, ...headers } }
  }

  private withWrongBody(sent: WireRequest): WireRequest {
    const json: unknown = parsed(sent.body)
    return { ...sent, body: Buffer.from(JSON.stringify(mutated(json, this.random)) ?? "") }
  }

  private withBrokenBody(sent: WireRequest): WireRequest {
    const { random } = this
    const text = sent.body?.toString() ?? ""
    switch (random.below(8)) {
      case 0:
        return { ...sent, body: Buffer.from(text.slice(0, random.below(text.length + 1))) }
      case 1:
        return { ...sent, body: Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xfe, 0])]) }
      case 2:
        return { ...sent, body: Buffer.from(text.replace(/"[^"]*"/, '"\xff\xfe"'), "latin1") }
      case 3:
        return { ...sent, body: Buffer.from(`${"[".repeat(5_000)}${"]".repeat(5_000)}`) }
      case 4:
        return { ...sent, body: Buffer.from(text.replace("{", '{"a":1,"a":2,')) }
      case 5:
        return { ...sent, body: Buffer.from(`{"a":"${"x".repeat(random.pick([70_000, 1_100_000]))}"}`) }
      case 6:
        return { ...sent, body: Buffer.alloc(0) }
      default:
        return this.withHeaders(sent, { "content-type": random.pick(contentTypes) })
    }
  }

  private withWrongQuery({ operation, sent }: Attempt): WireRequest {
    const { random } = this
    const names = operation.parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name)
    const name = random.any(names) ?? random.pick(["unknown", "__proto__", "constructor", "limit", "userId"])
    const text = encodeURIComponent(hostileText(random).toWellFormed().slice(0, 2_000))
    const added = random.pick([
      `${name}=${text}`,
      `${name}=1&${name}=2`,
      `${name}[]=1`,
      `${name}[$gt]=`,
      `${name}`,
      `${name}=%ED%A0%80`,
      `${name}=%`,
      "&&&=&",
    ])
    return { ...sent, path: `${sent.path}${sent.path.includes("?") ? "&" : "?"}${added}` }
  }

  private withWrongPath({ operation, sent }: Attempt): WireRequest {
    const { random } = this
    const [path = "", query] = sent.path.split("?")
    const text = encodeURIComponent(hostileText(random).toWellFormed().slice(0, 2_000))
    const wrong = random.pick([
      operation.path.replace(/\{\w+\}/g, text || "%00"),
      operation.path.replace(/\{\w+\}/g, "..%2f..%2f..%2fetc%2fpasswd"),
      operation.path.replace(/\{\w+\}/g, "%ED%A0%80"),
      `${path}/../../../etc/passwd`,
      `${path}/`,
      `${path}//`,
      `/${path}`,
      path.replace("/api/", "/api/./"),
      path.toUpperCase(),
      `${path}%00`,
      `${path};a=b`,
      `${path}/${text}`,
      `http://evil.example.com${path}`,
    ])
    return { ...sent, path: query === undefined ? wrong : `${wrong}?${query}` }
  }

  private withWrongSession(sent: WireRequest): WireRequest {
    const { random } = this
    const { authorization: _, ...headers } = sent.headers
    const other = random.pick<Readonly<Record<string, string>>>([
      {},
      { authorization: "Bearer garbage" },
      { authorization: "Bearer eyJhbGciOiJub25lIn0.e30." },
      { authorization: "Basic eDp5" },
      { authorization: "Bearer" },
      { cookie: "token=garbage" },
      { authorization: `Bearer ${"x".repeat(9_000)}` },
    ])
    return { ...sent, headers: { ...headers, ...other } }
  }
}

/** What a body says; null for one that is too deep to be looked at. */
const parsed = (body: Buffer | null): unknown => {
  const text = body?.toString() ?? "null"
  if (text.includes("[".repeat(50))) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
