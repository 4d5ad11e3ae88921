import { Effect, Predicate, type Scope } from "effect"
import { AnswerRules, type Limits } from "./AnswerRules.ts"
import { type Attempt, Attempts, endsSessions } from "./Attempts.ts"
import { Belongings, type Tenant } from "./Belongings.ts"
import { type Operation, readDocument } from "./OpenApiDocument.ts"
import { makeRandom, type Random } from "./Random.ts"
import { freshSecret } from "./SampleTexts.ts"
import { type Wire, type WireAnswer, type WireRequest, wireTo } from "./Wire.ts"

/** How an api is attacked. */
export interface FuzzOptions {
  /** Where it answers, without a slash at the end. */
  readonly base: string
  readonly requests: number
  readonly seed: number
  readonly limits: Limits
  /** Called for every person that there is from the start, with their id: gives them what no call of the API makes. */
  readonly prepare: (userId: string, belongings: Belongings) => Effect.Effect<void>
  /** Told now and then how many requests were sent. */
  readonly onProgress?: (sent: number) => void
}

/** An answer that must not be, and the request that it came to. */
export interface Finding {
  readonly complaints: ReadonlyArray<string>
  readonly operation: string
  readonly sent: WireRequest
  readonly answer: WireAnswer
}

export interface FuzzReport {
  readonly requests: number
  readonly byStatus: ReadonlyMap<number, number>
  /** The first of each kind, at most 200. */
  readonly findings: ReadonlyArray<Finding>
  /** How often an answer was not as it must be. */
  readonly wrong: number
  /** How often each call succeeded, by its id. */
  readonly succeeded: ReadonlyMap<string, number>
  /** How long all answers took, in milliseconds, from the shortest to the longest. */
  readonly tookMs: ReadonlyArray<number>
  /** Texts that must be in no log: tokens of sessions, and the addresses of pings. */
  readonly confidential: ReadonlyArray<string>
}

/** How many requests are under way at once. */
const concurrency = 8

/** People who keep their sessions, and one whose session ends again and again. */
const lasting = 3

/** Calls that take long by their nature are made less often: those that hash a password, or wait for a worker. */
const weightOf = ({ body, id, path }: Operation): number => {
  if (path === "/api/monitor/test") return 1
  if (/^auth\.(signup|login|changePassword|removeMe)$/.test(id)) return 4
  return body === null ? 20 : 30
}

/** Sends requests that the api's own document gives, right ones and wrong ones, and judges every answer. */
export const fuzz = (options: FuzzOptions): Effect.Effect<FuzzReport, never, Scope.Scope> =>
  Effect.gen(function* () {
    const { base, limits, requests, seed } = options
    const random = makeRandom(seed)
    const wire = yield* wireTo(base)
    const served = yield* wire({ method: "GET", path: "/openapi.json", headers: {}, body: null })
    const json: unknown = JSON.parse(served.text)
    const document = readDocument(json)
    const rules = new AnswerRules(Predicate.isObject(json) ? json : {}, document.operations, limits)
    const attempts = new Attempts(document, random)
    const tenants: Array<Tenant> = []
    for (let i = 0; i <= lasting; i++) tenants.push(yield* newTenant(wire, random, options.prepare))
    const expendable = yield* Effect.makeSemaphore(1)

    const deck = document.operations.flatMap((operation) =>
      Array.from({ length: weightOf(operation) }, () => operation),
    )
    const tally = new Tally()

    const one = (attempt: Attempt) =>
      Effect.map(wire(attempt.sent), (answer) => {
        tally.count(attempt, answer, rules.complaints(attempt, answer))
        if (answer.status >= 200 && answer.status < 300) {
          attempt.cast.tenant.belongings.learn(
            attempt.sent.method,
            attempt.sent.path,
            answer.status,
            jsonOf(answer.text),
          )
        }
      })

    const next = (n: number): Effect.Effect<void> =>
      Effect.suspend(() => {
        if (n % 1_000 === 0) options.onProgress?.(n)
        const operation = random.any(deck)
        if (operation === undefined) return Effect.dieMessage("the document tells of no call")
        if (!endsSessions(operation)) {
          const at = random.below(lasting)
          const [tenant, stranger] = [tenants[at], tenants[(at + 1) % lasting]]
          return tenant === undefined || stranger === undefined
            ? Effect.void
            : one(attempts.next(operation, { tenant, stranger }))
        }
        return expendable.withPermits(1)(
          Effect.gen(function* () {
            const [stranger, tenant] = [tenants[0], tenants[lasting]]
            if (tenant === undefined || stranger === undefined) return
            const me = yield* wire(asking("GET", "/api/auth/me", tenant))
            if (me.status !== 200) tenants[lasting] = yield* newTenant(wire, random, options.prepare)
            yield* one(attempts.next(operation, { tenant: tenants[lasting] ?? tenant, stranger }))
          }),
        )
      })

    yield* Effect.forEach(
      Array.from({ length: requests }, (_, n) => n),
      next,
      { concurrency, discard: true },
    )
    const confidential = tenants.flatMap(({ belongings, token }) => [token, ...belongings.pingIds])
    return tally.report(confidential)
  })

const asking = (method: string, path: string, { token }: Tenant): WireRequest => ({
  method,
  path,
  headers: { authorization: `Bearer ${token}` },
  body: null,
})

const newTenant = (wire: Wire, random: Random, prepare: FuzzOptions["prepare"]): Effect.Effect<Tenant> =>
  Effect.gen(function* () {
    const email = `fuzz-${random.below(2 ** 31)}-${random.below(2 ** 31)}@example.com`
    const password = freshSecret(random)
    const answer = yield* wire({
      method: "POST",
      path: "/api/auth/signup",
      headers: {
        "content-type": "application/json",
        "x-forwarded-for": `198.51.${random.below(256)}.${random.below(256)}`,
      },
      body: Buffer.from(JSON.stringify({ email, name: "Fuzz", password })),
    })
    const body = jsonOf(answer.text)
    if (!isSession(body)) return yield* Effect.dieMessage(`no account was made: ${answer.status} ${answer.text}`)
    const belongings = new Belongings()
    yield* prepare(body.user.id, belongings)
    return { email, password, token: body.token, belongings }
  })

const isSession = (body: unknown): body is { readonly token: string; readonly user: { readonly id: string } } =>
  Predicate.hasProperty(body, "token") &&
  Predicate.isString(body.token) &&
  Predicate.hasProperty(body, "user") &&
  Predicate.hasProperty(body.user, "id") &&
  Predicate.isString(body.user.id)

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The most findings that are kept, and the most of one kind. */
const maxFindings = 200
const maxOfKind = 3

/** What came of all requests. */
class Tally {
  private readonly byStatus = new Map<number, number>()
  private readonly succeeded = new Map<string, number>()
  private readonly findings: Array<Finding> = []
  private readonly kinds = new Map<string, number>()
  private readonly tookMs: Array<number> = []
  private wrong = 0

  count({ operation, sent }: Attempt, answer: WireAnswer, complaints: ReadonlyArray<string>): void {
    this.byStatus.set(answer.status, (this.byStatus.get(answer.status) ?? 0) + 1)
    this.tookMs.push(answer.tookMs)
    if (answer.status >= 200 && answer.status < 300) {
      this.succeeded.set(operation.id, (this.succeeded.get(operation.id) ?? 0) + 1)
    }
    if (complaints.length === 0) return
    this.wrong += 1
    const kind = `${operation.id} ${complaints.join("; ").replace(/\d+ ms/, "")}`
    const seen = (this.kinds.get(kind) ?? 0) + 1
    this.kinds.set(kind, seen)
    if (seen <= maxOfKind && this.findings.length < maxFindings) {
      this.findings.push({ complaints, operation: operation.id, sent, answer })
    }
  }

  report(confidential: ReadonlyArray<string>): FuzzReport {
    return {
      requests: this.tookMs.length,
      byStatus: this.byStatus,
      findings: this.findings,
      wrong: this.wrong,
      succeeded: this.succeeded,
      tookMs: this.tookMs.sort((a, b) => a - b),
      confidential,
    }
  }
}

/** A finding in a few lines, the request and the answer cut short. */
export const findingText = ({ answer, complaints, operation, sent }: Finding): string =>
  [
    `${operation}: ${complaints.join("; ")}`,
    `  ${sent.method} ${sent.path.slice(0, 300)} ${JSON.stringify({ ...sent.headers, authorization: undefined }).slice(0, 300)}`,
    `  ${sent.body?.toString().slice(0, 600) ?? "no body"}`,
    `  ${answer.status} ${answer.contentType} ${answer.text.slice(0, 400)}`,
  ].join("\n")
