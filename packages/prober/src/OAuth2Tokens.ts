import { createHash } from "node:crypto"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { readUrl } from "@uptime/domain/MonitorUrl"
import { LruCache } from "@uptime/runtime/LruCache"
import { Effect, Either, Option, Schema } from "effect"
import { exchange } from "./HttpExchange.ts"
import { basicCredentials, type HttpRequest, isHeaderValue } from "./HttpRequest.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import { failure, type ProbeFailure, unreadableSecret } from "./ProbeFailure.ts"
import { outOfTime, type ProbeRun, type ProbeServices, reachable } from "./ProbeRun.ts"
import { ProbeTrace } from "./ProbeTrace.ts"
import type { makeSecureContexts } from "./SecureContexts.ts"
import { dialledHost } from "./TargetGuard.ts"

type OAuth2 = Extract<NonNullable<NonNullable<CheckSpec["http"]>["auth"]>, { readonly type: "oauth2" }>

/** The most tokens that are kept. */
const maxTokens = 1_000
/** The most of an answer that is read, in bytes. */
const maxAnswerBytes = 65_536
/** A token is given up so long before it ends, in milliseconds: it must last until the target has looked at it. */
const marginMs = 10_000
/** How long a token is used whose server does not say how long it lasts, and the longest one is, in milliseconds. */
const unknownLifeMs = 60_000
const maxLifeMs = 86_400_000

/** The answer of RFC 6749, section 5.1. */
const Answer = Schema.parseJson(
  Schema.Struct({
    access_token: Schema.String.pipe(Schema.minLength(1), Schema.filter(isHeaderValue)),
    expires_in: Schema.optional(Schema.NullOr(Schema.Union(Schema.Number, Schema.NumberFromString))),
  }),
)
const decodeAnswer = Schema.decodeUnknownOption(Answer)

const malformedTokenUrl = failure("internal", "the URL of the monitor's token server cannot be read")
const noToken = failure("protocol", "the token server's answer holds no access token that can be used")

interface Token {
  readonly text: string
  /** The instant, of `monotonicNow`, at which it is given up. */
  readonly endsAt: number
}

/** A token, and whether it comes from an earlier check. */
export interface GivenToken {
  readonly text: string
  readonly isKept: boolean
}

/**
 * Access tokens by OAuth 2.0 client credentials (RFC 6749, section 4.4) for the checks of a process: fetched through the
 * target guard within the check's own deadline, and kept until they end, 1,000 at most.
 *
 * The client shows its credentials by `Authorization: Basic`, which every token server must take (section 2.3.1), and in
 * the form where one refuses that. The server's certificate must verify whatever the monitor ignores of its target's.
 * Nothing of this counts as time of the target.
 */
export const makeTokens = (services: ProbeServices, contexts: ReturnType<typeof makeSecureContexts>) => {
  const cache = new LruCache<Token>(maxTokens)

  /** Tokens are shared by nothing but what has the same sealed secret: the checks of one monitor. */
  const keyOf = ({ audience, clientId, clientSecret, scope, tokenUrl }: OAuth2): string =>
    createHash("sha256")
      .update(JSON.stringify([tokenUrl, clientId, clientSecret.sealed, scope ?? null, audience ?? null]))
      .digest("base64")

  const fetchToken = (run: ProbeRun, auth: OAuth2): Effect.Effect<string, ProbeFailure> => {
    const url = readUrl(auth.tokenUrl)
    const clientSecret = services.secrets.unseal(auth.clientSecret)
    if (Either.isLeft(clientSecret)) return Effect.fail(unreadableSecret(clientSecret.left))
    if (url === null || url.port === "0") return Effect.fail(malformedTokenUrl)
    const form = new URLSearchParams({ grant_type: "client_credentials" })
    if (auth.scope !== undefined) form.set("scope", auth.scope)
    if (auth.audience !== undefined) form.set("audience", auth.audience)
    // The id and the secret are form-encoded before they are put together (RFC 6749, section 2.3.1).
    const basic = basicCredentials(encodeForm(auth.clientId), encodeForm(clientSecret.right))
    const inForm = new URLSearchParams(form)
    inForm.set("client_id", auth.clientId)
    inForm.set("client_secret", clientSecret.right)
    return ask(run, contexts, tokenRequest(url, form, basic)).pipe(
      Effect.flatMap((answer) =>
        answer.status === 400 || answer.status === 401
          ? ask(run, contexts, tokenRequest(url, inForm, null))
          : Effect.succeed(answer),
      ),
      Effect.flatMap(({ body, status }) => {
        if (status !== 200) return Effect.fail(failure("protocol", `the token server answers with status ${status}`))
        const answer = decodeAnswer(body)
        if (Option.isNone(answer)) return Effect.fail(noToken)
        const { access_token, expires_in } = answer.value
        const lifeMs = expires_in === undefined || expires_in === null ? unknownLifeMs : expires_in * 1_000 - marginMs
        if (lifeMs > 0) {
          cache.set(keyOf(auth), { text: access_token, endsAt: monotonicNow() + Math.min(lifeMs, maxLifeMs) })
        }
        return Effect.succeed(access_token)
      }),
    )
  }

  return {
    /** A token for a check: the one that is kept while it lasts, or a new one. */
    tokenFor: (run: ProbeRun, auth: OAuth2): Effect.Effect<GivenToken, ProbeFailure> =>
      Effect.suspend((): Effect.Effect<GivenToken, ProbeFailure> => {
        const known = cache.get(keyOf(auth))
        return known !== undefined && known.endsAt > monotonicNow()
          ? Effect.succeed({ text: known.text, isKept: true })
          : Effect.map(fetchToken(run, auth), (text) => ({ text, isKept: false }))
      }),
    /** Forgets a token that the target refused. */
    forget: (auth: OAuth2): void => cache.delete(keyOf(auth)),
  }
}

const encodeForm = (text: string): string => new URLSearchParams({ "": text }).toString().slice(1)

const tokenRequest = (url: URL, form: URLSearchParams, authorization: string | null): HttpRequest => ({
  url,
  method: "POST",
  headers: [
    ["Content-Type", "application/x-www-form-urlencoded"],
    ["Accept", "application/json"],
  ],
  ownHeaders: authorization === null ? [] : [["Authorization", authorization]],
  body: Buffer.from(form.toString(), "utf8"),
  isOwn: false,
})

/** One request to the token server, which has phases of its own that nobody is told. */
const ask = (
  run: ProbeRun,
  contexts: ReturnType<typeof makeSecureContexts>,
  request: HttpRequest,
): Effect.Effect<{ readonly status: number; readonly body: string }, ProbeFailure> => {
  const own: ProbeRun = { ...run, trace: new ProbeTrace() }
  const { url } = request
  const isSecure = url.protocol === "https:"
  return Effect.gen(function* () {
    const secureContext = yield* contexts(run.spec.http, false)
    const addresses = yield* reachable(own, dialledHost(url))
    const { answer, end } = yield* exchange(
      {
        addresses,
        port: url.port === "" ? (isSecure ? 443 : 80) : Number(url.port),
        tls: isSecure
          ? { host: dialledHost(url).replace(/\.$/, ""), ignoreTls: false, secureContext, alpnProtocols: ["http/1.1"] }
          : null,
        http2Only: false,
        request,
        userAgent: run.services.userAgent,
        wanted: () => maxAnswerBytes,
        followsRedirects: false,
      },
      own.trace,
      own.deadline,
    )
    if (end === "timedOut") return yield* Effect.fail(outOfTime(own))
    if (end !== "answered") return yield* Effect.fail(end)
    return { status: answer?.status ?? 0, body: answer?.body?.toString("utf8") ?? "" }
  }).pipe(Effect.mapError(ofTokenServer))
}

/** What is wrong with the token server is no failure to reach the target; that it was our own fault stays so. */
const ofTokenServer = ({ kind, message }: ProbeFailure): ProbeFailure =>
  failure(
    kind === "internal" || kind === "blocked" ? kind : "protocol",
    `the access token could not be fetched: ${message}`,
  )
