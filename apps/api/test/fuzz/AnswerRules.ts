import { hostname } from "node:os"
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import { Predicate } from "effect"
import type { Attempt } from "./Attempts.ts"
import type { Operation } from "./OpenApiDocument.ts"
import { secretMark } from "./SampleTexts.ts"
import type { WireAnswer } from "./Wire.ts"

/** What may be answered at any path before the call itself is reached. */
const edge = new Set([400, 404, 405, 413, 415])

/** What Node's own parser of HTTP answers by itself. */
const parserOnly = new Set([400, 431])

/** The name of this machine, where it is long enough to stand in no text by chance. */
const machine = hostname().length < 6 ? "" : `|\\b${hostname().replace(/\W/g, "\\$&")}\\b`

/** Where an answer tells of our insides. */
const insides = new RegExp(
  `\\bat \\w+ \\(|node_modules|\\.[jt]s:\\d|postgres(ql)?://[^"]*@|PgClient|SQLSTATE|SqlError|ECONN|EPIPE|HttpApiDecodeError|readonly |relation "|syntax error at${machine}`,
)

/** A session's token, or a hash of a password. */
const credentials = /eyJ[\w-]{10,}\.eyJ|\$2[aby]\$\d\d\$/

/** Calls that wait for others than this api: a worker, a mail server, a name server. */
const waits = ({ path }: Operation): boolean =>
  path === "/api/monitor/test" ||
  /\/(test|domain\/check|recipients\/ask)$/.test(path) ||
  path.startsWith("/api/channels")

/** Calls that hash a password, which takes a third of a second of a core by design, one after the other. */
const hashes = ({ id, path }: Operation, { body }: Attempt["sent"]): boolean =>
  /^auth\.(signup|login|changePassword|removeMe)$/.test(id) ||
  (path.startsWith("/api/status-pages") && body?.includes('"password"') === true)

/** How long an answer may take, in milliseconds, and how long one for which a password is hashed. */
export interface Limits {
  readonly tookMs: number
  readonly hashedMs: number
  /** Whether others use the machine so much that the api may say that it is too busy. */
  readonly mayBeBusy: boolean
}

/** Judges answers by the document as it was served. */
export class AnswerRules {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false })
  private readonly validators = new Map<string, ValidateFunction>()
  private readonly templates: ReadonlyArray<readonly [RegExp, Operation]>
  private readonly limits: Limits

  constructor(document: object, operations: ReadonlyArray<Operation>, limits: Limits) {
    this.ajv.addSchema(document, "api")
    this.templates = operations.map((operation) => [
      new RegExp(`^${operation.path.replace(/\{\w+\}/g, "[^/]+")}$`),
      operation,
    ])
    this.limits = limits
  }

  /** What is wrong with an answer; empty where nothing is. */
  complaints({ isAnonymous, isForeign, isPlain, operation, sent }: Attempt, answer: WireAnswer): ReadonlyArray<string> {
    const { contentType, status, text, tookMs } = answer
    if (status === 0) return [`no answer: ${text}`]
    const found: Array<string> = []
    if (status >= 500 && !(this.limits.mayBeBusy && status === 503)) found.push(`status ${status}`)
    const limit = hashes(operation, sent) ? this.limits.hashedMs : this.limits.tookMs
    if (tookMs > limit && !waits(operation)) found.push(`took ${Math.round(tookMs)} ms`)
    if (text.includes(secretMark)) found.push("tells a secret")
    if (credentials.test(text) && !operation.path.startsWith("/api/auth/")) found.push("tells a token or a hash")
    if (contentType !== "text/html" && insides.test(text)) found.push("tells of our insides")
    const served = this.servedBy(sent.method, sent.path)
    if (served === undefined) {
      if (status < 400 && contentType !== "text/html" && !isPublicPage(sent.path, sent.method))
        found.push(`status ${status} where nothing is served`)
    } else if (!parserOnly.has(status) || text !== "") {
      found.push(...(sent.method === "HEAD" ? [] : this.againstDocument(served, answer)))
    }
    const isOwn = served === operation
    if (isAnonymous && isOwn && !operation.isPublic && status < 400) found.push("answers a stranger")
    if (isForeign && isOwn && isPlain && ![400, 404, 429].includes(status))
      found.push(`status ${status} for what is not theirs`)
    if (isPlain && status === 401 && !operation.path.startsWith("/api/auth/"))
      found.push("refuses a session that is valid")
    return found
  }

  private servedBy(method: string, path: string): Operation | undefined {
    const [bare = ""] = path.replace(/\/(\?|$)/, "$1").split("?")
    return this.templates.find(
      ([template, operation]) => operation.method === (method === "HEAD" ? "GET" : method) && template.test(bare),
    )?.[1]
  }

  private againstDocument(operation: Operation, { contentType, status, text }: WireAnswer): ReadonlyArray<string> {
    const types = operation.answers.get(status)
    if (types === undefined) {
      if (!edge.has(status)) return [`status ${status}, which the document does not tell of`]
      return isError(parsed(text)) ? [] : ["an error of another shape"]
    }
    if (types.length === 0) return text === "" ? [] : ["a body where there is none"]
    // An address that nothing has is answered in words of another product, or as any path that is not served.
    if (!types.includes(contentType)) {
      return edge.has(status) && isError(parsed(text))
        ? []
        : [`${contentType || "nothing"} instead of ${types.join(", ")}`]
    }
    if (contentType !== "application/json") return []
    const body = parsed(text)
    const validate = this.validator(operation, status)
    if (validate(body)) return []
    if (edge.has(status) && isError(body)) return []
    const [first] = validate.errors ?? []
    return [`not as the document says: ${first?.instancePath ?? ""} ${first?.message ?? ""}`]
  }

  private validator({ method, path }: Operation, status: number): ValidateFunction {
    const key = `${method} ${path} ${status}`
    const known = this.validators.get(key)
    if (known !== undefined) return known
    const parts = [
      "paths",
      path,
      method.toLowerCase(),
      "responses",
      String(status),
      "content",
      "application/json",
      "schema",
    ]
    const pointer = parts.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")
    const validate = this.ajv.compile({ $ref: `api#/${pointer}` })
    this.validators.set(key, validate)
    return validate
  }
}

/** The one shape of what goes wrong. */
const isError = (body: unknown): boolean =>
  Predicate.hasProperty(body, "_tag") &&
  Predicate.isString(body._tag) &&
  Predicate.hasProperty(body, "message") &&
  Predicate.isString(body.message)

/** What is served beside the API: its documentation, and what watchers ask; and a browser's question beforehand. */
const isPublicPage = (path: string, method: string): boolean =>
  method === "OPTIONS" || /^\/(docs|openapi\.json|healthz|readyz|metrics)?\/?([?#]|$)/.test(path)

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
