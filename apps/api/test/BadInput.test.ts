import { randomInt } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Arbitrary, Effect, Either, FastCheck, Option, Predicate, Schema } from "effect"
import { type Endpoint, endpoints, routeTo } from "./Endpoints.ts"
import { signUp } from "./Person.ts"
import { freshStores } from "./Stores.ts"
import { type Answer, type Call, call, serveApi } from "./World.ts"

const unknownId = "0190a5f4-0000-7000-8000-00000000dead"

/** Values that are wrong in most places. */
const oddValues: ReadonlyArray<unknown> = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\udc00\ud800",
  "x".repeat(5000),
  "'; DROP TABLE users; --",
  "%00",
  "{{constructor}}",
  [],
  [[]],
  {},
  { $gt: "" },
  { toString: 1 },
  JSON.parse('{ "__proto__": { "admin": true } }'),
  "http://",
  "http:///",
  "http://a b/",
  "http://[::1",
  "http://user:secret@example.com/",
  "http://example.com:99999/",
  "http://example.com:0/",
  "http://\u0000example.com/",
  "http://xn--/",
  "javascript:alert(1)",
  "file:///etc/passwd",
  "gopher://example.com/",
  "//example.com",
  "http://127.0.0.1/",
  "http://169.254.169.254/latest/meta-data/",
  "http://[::ffff:127.0.0.1]/",
  "http://2130706433/",
  `http://example.com/${"x".repeat(3000)}`,
]

const oddTexts = [
  ...oddValues.filter(Predicate.isString),
  "1,2",
  "1e9",
  "NaN",
  "-5",
  "99999999999999999999",
  "2026-02-30",
  "0000-00-00",
  "eyJ",
  "AAAA",
  "null",
]

/** What jobs call takes whatever comes with a ping, and answers a token that nothing has in the words of other products. */
const isPing = ({ group }: Endpoint): boolean => group === "pings"
const notFound = ["not found", '{"ok":false,"msg":"Monitor not found or not active."}']

/** Every answer, whatever was sent, is one of these: fine, or a 4xx in the one shape that tells nothing of our insides. */
const assertCivil = ({ status, text }: Answer, what: string, endpoint?: Endpoint): void => {
  assert.isBelow(status, 500, `${what}: ${text}`)
  if (status < 400) return
  if (status === 404 && endpoint !== undefined && isPing(endpoint)) {
    assert.include(notFound, text, what)
    return
  }
  const body: unknown = JSON.parse(text)
  assert.isTrue(
    Predicate.hasProperty(body, "_tag") &&
      Predicate.isString(body._tag) &&
      Predicate.hasProperty(body, "message") &&
      Predicate.isString(body.message) &&
      body.message.length > 5,
    `${what}: ${text}`,
  )
  assert.notMatch(
    text,
    /\bat \w+ \(|node_modules|\.ts:|postgresql|PgClient|SQLSTATE|ECONN|HttpApiDecodeError|readonly /i,
    what,
  )
  assert.isBelow(text.length, 30_000, what)
}

/** Every call as if from another place, so that no limit on tries hides what is behind it. */
const anywhere = () => ({
  "x-forwarded-for": `${randomInt(1, 223)}.${randomInt(255)}.${randomInt(255)}.${randomInt(255)}`,
})

/** One odd value after the other, round and round. */
const oddOnes = (): (() => unknown) => {
  let next = 0
  return () => oddValues[next++ % oddValues.length]
}

/** Copies of a value, each with one place in it changed to the next odd value, or one field missing, or one too many. */
const mutations = (value: unknown, odd: () => unknown): ReadonlyArray<unknown> => {
  if (Array.isArray(value)) {
    return [
      odd(),
      [...value, odd()],
      ...value.flatMap((item, i) => mutations(item, odd).map((changed) => value.with(i, changed))),
    ]
  }
  if (!Predicate.isRecord(value)) return [odd()]
  const fields = Object.keys(value)
  return [
    odd(),
    { ...value, unknownField: odd() },
    ...fields.map((field) => Object.fromEntries(Object.entries(value).filter(([name]) => name !== field))),
    ...fields.flatMap((field) => mutations(value[field], odd).map((changed) => ({ ...value, [field]: changed }))),
  ]
}

/** How many wrong bodies a call is sent; a bulk call has thousands of places to be wrong in. */
const bodiesPerCall = 30

/** Wrong bodies of a call: every place of what it takes, each time with another odd value, as far as the number goes. */
const wrongBodies = (payload: Schema.Schema<unknown, unknown>): ReadonlyArray<unknown> => {
  const taken = samples(payload)
  const odd = oddOnes()
  const bodies: Array<unknown> = []
  while (bodies.length < bodiesPerCall) bodies.push(...taken.flatMap((sample) => mutations(sample, odd)))
  return FastCheck.sample(FastCheck.shuffledSubarray(bodies, { minLength: bodiesPerCall, maxLength: bodiesPerCall }), {
    numRuns: 1,
    seed: 3,
  }).flat()
}

/** A few bodies that the call takes. */
const samples = (payload: Schema.Schema<unknown, unknown>): ReadonlyArray<unknown> =>
  FastCheck.sample(Arbitrary.make(payload), { numRuns: 3, seed: 7 }).map((value) =>
    JSON.parse(JSON.stringify(Schema.encodeSync(payload)(value))),
  )

const world = Effect.gen(function* () {
  const base = yield* serveApi({ stores: yield* freshStores, stream: MemoryStream.layer() })
  const { token } = yield* signUp(base)
  const send = (endpoint: Endpoint, route: string, options: Call = {}) =>
    call(base, route, {
      token: endpoint.isPublic ? undefined : token,
      ...options,
      headers: { ...anywhere(), ...options.headers },
    })
  return { send }
})

/** Whether a value is what a call takes; one that the schema itself breaks on is not. */
const isFine = (payload: Schema.Schema<unknown, unknown>, json: unknown): boolean => {
  try {
    return Either.isRight(Schema.decodeUnknownEither(payload)(json))
  } catch {
    return false
  }
}

describe("bad input", () => {
  it.scopedLive(
    "in bodies is a 4xx that says what is wrong, for every call and every field",
    () =>
      Effect.gen(function* () {
        const { send } = yield* world
        let sent = 0
        let refused = 0
        for (const endpoint of endpoints) {
          if (Option.isNone(endpoint.payload)) continue
          const payload = endpoint.payload.value
          const bodies = wrongBodies(payload)
          yield* Effect.forEach(
            bodies,
            (json) =>
              Effect.gen(function* () {
                const route = routeTo(endpoint, unknownId)
                const what = `${route} ${JSON.stringify(json).slice(0, 300)}`
                const answer = yield* send(endpoint, route, { json })
                assertCivil(answer, what)
                sent++
                if (isFine(payload, json)) return
                refused++
                assert.strictEqual(answer.status, 400, what)
                assert.include(answer.text, '"_tag":"ValidationFailed"', what)
              }),
            { concurrency: 4, discard: true },
          )
        }
        assert.isAbove(refused, 500)
        assert.isAbove(sent, refused)
      }),
    240_000,
  )

  it.scopedLive(
    "in paths and query strings is a 4xx, for every call and every parameter",
    () =>
      Effect.gen(function* () {
        const { send } = yield* world
        const allEncoded = [...oddTexts.filter((text) => text.isWellFormed()).map(encodeURIComponent), "%ED%A0%80", "%"]
        for (const [index, endpoint] of endpoints.entries()) {
          const body: Call = Option.match(endpoint.payload, {
            onNone: () => ({}),
            onSome: (payload) => ({ json: samples(payload)[0] }),
          })
          // A fifth of them for each call: all of them, for what many calls have alike.
          const encoded = allEncoded.filter((_, n) => n % 5 === index % 5)
          const routes = [
            routeTo(endpoint, unknownId, "?unknown=1"),
            routeTo(endpoint, unknownId, "?__proto__=1"),
            ...endpoint.queryParams.flatMap((name) => [
              ...encoded.map((text) => routeTo(endpoint, unknownId, `?${name}=${text}`)),
              routeTo(endpoint, unknownId, `?${name}=1&${name}=2`),
              routeTo(endpoint, unknownId, `?${name}[]=1`),
              routeTo(endpoint, unknownId, `?${name}`),
            ]),
            ...(endpoint.pathParams.length === 0 ? [] : encoded.map((text) => routeTo(endpoint, text))),
          ]
          yield* Effect.forEach(
            routes,
            (route) =>
              Effect.gen(function* () {
                const answer = yield* send(endpoint, route, body)
                assertCivil(answer, route, endpoint)
                if (isPing(endpoint)) assert.include([404, 429], answer.status, route)
                else if (/\?(unknown|__proto__|\w+\[\])=/.test(route)) assert.strictEqual(answer.status, 400, route)
              }),
            { concurrency: 4, discard: true },
          )
        }
      }),
    240_000,
  )

  it.scopedLive(
    "of any JSON at all, or of none, is a 4xx",
    () =>
      Effect.gen(function* () {
        const { send } = yield* world
        const bodies: ReadonlyArray<Call> = [
          ...FastCheck.sample(FastCheck.json({ maxDepth: 4 }), { numRuns: 12, seed: 11 }).map(
            (body): Call => ({ body, headers: { "content-type": "application/json" } }),
          ),
          ...["", "{", "nul", '{"a":1}}', '"\\ud800"', "\u0000", "[1,]", "\ufeff{}"].map(
            (body): Call => ({ body, headers: { "content-type": "application/json" } }),
          ),
          { body: "x".repeat(1_100_000), headers: { "content-type": "application/octet-stream" } },
          { body: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } },
        ]
        for (const endpoint of endpoints) {
          if (endpoint.method === "GET") continue
          const route = routeTo(endpoint, unknownId)
          for (const options of bodies) assertCivil(yield* send(endpoint, route, options), route, endpoint)
          if (Option.isNone(endpoint.payload)) continue
          const large = yield* send(endpoint, route, { json: { email: "x".repeat(1_100_000) } })
          assert.strictEqual(large.status, 413, route)
        }
      }),
    240_000,
  )

  it.scopedLive("in tokens and cookies is a 401, for every call behind a log-in", () =>
    Effect.gen(function* () {
      const { send } = yield* world
      const tokens = ["garbage", "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30.", "x".repeat(10_000), "null", "%00", "é"]
      // A few of them for each call, in turns: who asks is found out in one place.
      for (const [index, endpoint] of endpoints.filter(({ isPublic }) => !isPublic).entries()) {
        const route = routeTo(endpoint, unknownId)
        for (const text of tokens.filter((_, n) => n % 3 === index % 3)) {
          const byHeader = yield* send(endpoint, route, { token: encodeURI(text) })
          assert.strictEqual(byHeader.status, 401, `${route} ${text.slice(0, 20)}`)
          const byCookie = yield* send(endpoint, route, {
            token: undefined,
            headers: { cookie: `token=${encodeURI(text)}`, "content-type": "application/json" },
          })
          assert.strictEqual(byCookie.status, 401, `${route} ${text.slice(0, 20)}`)
          assertCivil(byCookie, route)
        }
        assert.strictEqual((yield* send(endpoint, route, { token: "x".repeat(100_000) })).status, 431, route)
      }
    }),
  )
})
