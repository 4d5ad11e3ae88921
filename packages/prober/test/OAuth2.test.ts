import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import * as TargetGuard from "@uptime/prober/TargetGuard"
import * as Certificates from "@uptime/testing/Certificates"
import { rawServer } from "@uptime/testing/HostileServer"
import { Duration, Effect } from "effect"
import { type Answer, check, httpServer, sealed } from "./HttpServerFixture.ts"
import { testProber, verdict } from "./TestProber.ts"

type OAuth2 = Extract<NonNullable<NonNullable<CheckSpec["http"]>["auth"]>, { readonly type: "oauth2" }>

const up = { status: "Up", httpStatus: 200, kind: null, message: null } as const

/** Gives `token-1`, `token-2` and so on. */
const tokenServer = (answer: object = { token_type: "Bearer", expires_in: 3_600 }) => {
  let given = 0
  return httpServer((response) => response.end(JSON.stringify({ access_token: `token-${++given}`, ...answer })))
}

/** Takes the tokens that are valid at the moment. */
const target = (isValid: (authorization: string | undefined) => boolean = () => true) =>
  httpServer((response, { headers }) => response.writeHead(isValid(headers.authorization) ? 200 : 401).end())

const clientOf = (tokenUrl: string): Effect.Effect<OAuth2> =>
  Effect.map(sealed("s&cret p\u00e4ss"), (clientSecret) => ({
    type: "oauth2",
    tokenUrl,
    clientId: "my client",
    clientSecret,
  }))

describe("a check with OAuth 2.0 client credentials", () => {
  it.scopedLive("fetches a token with its credentials, once, and shows it to the target", () =>
    Effect.gen(function* () {
      const tokens = yield* tokenServer()
      const site = yield* target()
      const auth = {
        ...(yield* clientOf(`${tokens.url}/token?tenant=1`)),
        scope: "read write",
        audience: "https://api.test",
      }
      const first = yield* check(site.url, { auth })
      const second = yield* check(site.url, { auth })
      assert.deepStrictEqual([verdict(first), verdict(second)], [up, up])
      assert.lengthOf(tokens.requests, 1)
      const [request] = tokens.requests
      assert.strictEqual(request?.method, "POST")
      assert.strictEqual(request?.path, "/token?tenant=1")
      assert.strictEqual(request?.headers["content-type"], "application/x-www-form-urlencoded")
      assert.strictEqual(
        request?.headers.authorization,
        `Basic ${Buffer.from("my+client:s%26cret+p%C3%A4ss").toString("base64")}`,
      )
      assert.deepStrictEqual(Object.fromEntries(new URLSearchParams(request?.body)), {
        grant_type: "client_credentials",
        scope: "read write",
        audience: "https://api.test",
      })
      assert.deepStrictEqual(
        site.requests.map(({ headers }) => headers.authorization),
        ["Bearer token-1", "Bearer token-1"],
      )
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("fetches a new one when the old one ends, or may have ended", () =>
    Effect.gen(function* () {
      for (const expires_in of [5, "9", 0, -1]) {
        const tokens = yield* tokenServer({ expires_in })
        const site = yield* target()
        const auth = yield* clientOf(tokens.url)
        yield* check(site.url, { auth })
        yield* check(site.url, { auth })
        assert.lengthOf(tokens.requests, 2, String(expires_in))
      }
      for (const answer of [{}, { expires_in: null }, { expires_in: "3600" }]) {
        const tokens = yield* tokenServer(answer)
        const site = yield* target()
        const auth = yield* clientOf(tokens.url)
        yield* check(site.url, { auth })
        yield* check(site.url, { auth })
        assert.lengthOf(tokens.requests, 1, JSON.stringify(answer))
      }
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("fetches a new one when the target refuses the one that was kept, and no other time", () =>
    Effect.gen(function* () {
      let valid = "Bearer token-1"
      const tokens = yield* tokenServer()
      const site = yield* target((authorization) => authorization === valid)
      const auth = yield* clientOf(tokens.url)
      assert.strictEqual((yield* check(site.url, { auth })).status, "Up")
      valid = "Bearer token-2"
      assert.strictEqual((yield* check(site.url, { auth })).status, "Up")
      assert.lengthOf(tokens.requests, 2)
      assert.lengthOf(site.requests, 3)
      valid = "none"
      const refused = yield* check(site.url, { auth })
      assert.strictEqual(refused.errorMessage, "status 401")
      assert.lengthOf(tokens.requests, 3)
      yield* check(site.url, { auth: yield* clientOf(tokens.url) })
      assert.lengthOf(tokens.requests, 4, "a new token that is refused is not fetched again")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("gives the credentials in the form to a server that takes no others", () =>
    Effect.gen(function* () {
      const tokens = yield* httpServer((response, { headers }) =>
        headers.authorization === undefined
          ? response.end('{"access_token":"abc","expires_in":60}')
          : response.writeHead(401).end('{"error":"invalid_client"}'),
      )
      const site = yield* target()
      assert.strictEqual((yield* check(site.url, { auth: yield* clientOf(tokens.url) })).status, "Up")
      assert.deepInclude(Object.fromEntries(new URLSearchParams(tokens.requests[1]?.body)), {
        client_id: "my client",
        client_secret: "s&cret p\u00e4ss",
      })
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("does not count the time that a token takes as the target's", () =>
    Effect.gen(function* () {
      const tokens = yield* httpServer((response) => {
        setTimeout(() => response.end('{"access_token":"abc"}'), 400)
      })
      const site = yield* target()
      const outcome = yield* check(site.url, { auth: yield* clientOf(tokens.url) })
      assert.strictEqual(outcome.status, "Up")
      assert.isBelow(outcome.responseTimeMs ?? 0, 300)
      assert.isBelow(outcome.phases.firstByte ?? 0, 300)
    }).pipe(Effect.provide(testProber())),
  )

  const bad: ReadonlyArray<readonly [string, Answer, string]> = [
    ["refuses the client", (response) => response.writeHead(400).end('{"error":"invalid_client"}'), "status 400"],
    ["fails", (response) => response.writeHead(503).end(), "status 503"],
    ["redirects", (response) => response.writeHead(302, { location: "/other" }).end(), "status 302"],
    ["answers what is no JSON", (response) => response.end("<html>"), "no access token"],
    ["answers without a token", (response) => response.end("{}"), "no access token"],
    [
      "answers a token with line breaks",
      (response) => response.end('{"access_token":"a\\r\\nX: y"}'),
      "no access token",
    ],
    ["answers too much", (response) => response.end(`{"access_token":"${"a".repeat(70_000)}"}`), "no access token"],
    [
      "breaks off",
      (response) => response.writeHead(200, { "content-length": "9" }).write("{", () => response.destroy()),
      "ended early",
    ],
  ]
  it.scopedLive.each(bad)("is Down without asking the target where the token server %s", ([, answer, word]) =>
    Effect.gen(function* () {
      const tokens = yield* httpServer(answer)
      const site = yield* target()
      const outcome = yield* check(site.url, { auth: yield* clientOf(tokens.url) })
      assert.strictEqual(outcome.status, "Down")
      assert.strictEqual(outcome.errorKind, "protocol")
      assert.include(outcome.errorMessage ?? "", word)
      assert.notInclude(outcome.errorMessage ?? "", "s&cret")
      assert.lengthOf(site.requests, 0)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("shares its one deadline with a token server that is silent", () =>
    Effect.gen(function* () {
      const { port } = yield* rawServer((socket) => socket.resume())
      const site = yield* target()
      const auth = yield* clientOf(`http://127.0.0.1:${port}/`)
      const [took, outcome] = yield* Effect.timed(check(site.url, { auth }, { timeoutMs: 300 }))
      assert.isBelow(Duration.toMillis(took), 800)
      assert.include(
        outcome.errorMessage ?? "",
        "the access token could not be fetched: no complete answer within 300 ms",
      )
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("asks no token server that the guard refuses", () =>
    Effect.gen(function* () {
      const tokens = yield* tokenServer()
      const site = yield* target()
      const auth = yield* clientOf(`http://inner.test:${tokens.port}/`)
      const layer = testProber({ names: { "inner.test": [["10.0.0.1"]] } })
      const outcome = yield* Effect.provide(check(site.url, { auth }), layer)
      assert.strictEqual(outcome.status, "Unknown")
      assert.strictEqual(outcome.errorKind, "blocked")
      assert.include(outcome.errorMessage ?? "", TargetGuard.refusalMessage.private)
      assert.lengthOf(site.requests, 0)
    }),
  )

  it.scopedLive(
    "verifies the token server's certificate, by the monitor's own authority too, and whatever it ignores",
    () =>
      Effect.gen(function* () {
        const authority = yield* Certificates.authority
        const pair = yield* authority.issue({ addresses: ["127.0.0.1"] })
        const tokens = yield* httpServer((response) => response.end('{"access_token":"abc"}'), pair)
        const site = yield* target()
        const auth = yield* clientOf(tokens.url)
        const ignoring = yield* check(site.url, { auth, ignoreTls: true })
        assert.strictEqual(ignoring.status, "Down")
        assert.include(ignoring.errorMessage ?? "", "authority is not known")
        const trusting = yield* check(site.url, { auth, certificateAuthority: authority.cert })
        assert.deepStrictEqual(verdict(trusting), up)
      }).pipe(Effect.provide(testProber())),
  )
})
