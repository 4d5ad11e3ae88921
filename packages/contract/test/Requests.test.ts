import { HttpApiDecodeError } from "@effect/platform/HttpApiError"
import { assert, describe, it } from "@effect/vitest"
import { ValidationFailed } from "@uptime/contract/ApiErrors"
import { LoginRequest, SignupRequest } from "@uptime/contract/AuthApi"
import { BulkRequest, MonitorCreate, MonitorEdit, MonitorQuery } from "@uptime/contract/MonitorsApi"
import { CleanupQuery, ResultQuery, StatsQuery } from "@uptime/contract/ResultsApi"
import { NoQuery } from "@uptime/contract/StrictStruct"
import { TestRunRequest } from "@uptime/contract/TestRunsApi"
import { isKeptSecret, isPlainSecret, SealedSecret } from "@uptime/domain/Secret"
import { Effect, Redacted, Schema } from "effect"

const id = "0190a5f4-0000-7000-8000-000000000001"

/** What a request that its schema refuses is answered with. */
const refusal = (schema: Schema.Schema.AnyNoContext, input: unknown): Effect.Effect<ValidationFailed> =>
  Schema.decodeUnknown(schema)(input).pipe(
    Effect.flip,
    Effect.flatMap(HttpApiDecodeError.fromParseError),
    Effect.map(ValidationFailed.fromDecodeError),
    Effect.orDie,
  )

const issues = (schema: Schema.Schema.AnyNoContext, input: unknown) =>
  Effect.map(refusal(schema, input), (error) =>
    error.issues.map(({ message, path }) => [path.join("."), message] as const),
  )

/** The same as JSON, with one form in the place of every secret. */
const withoutSecrets = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, field) =>
      isPlainSecret(field) || isKeptSecret(field) || Schema.is(SealedSecret)(field) ? "a secret" : field,
    ),
  )

describe("requests", () => {
  for (const [name, schema] of Object.entries({ MonitorCreate, MonitorEdit, BulkRequest, TestRunRequest })) {
    it.effect.prop(
      `${name} round-trips, but for secrets, of which only the mask comes back`,
      { value: schema },
      ({ value }) =>
        Effect.gen(function* () {
          const encoded = yield* Schema.encodeUnknown(Schema.asSchema(schema))(value)
          const again = yield* Schema.decodeUnknown(Schema.asSchema(schema))(JSON.parse(JSON.stringify(encoded)))
          assert.deepStrictEqual(yield* Schema.encodeUnknown(Schema.asSchema(schema))(again), encoded)
          assert.deepStrictEqual(withoutSecrets(again), withoutSecrets(value))
        }),
    )
  }

  it.effect("to run a check at once name what is checked, and each region once", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* issues(TestRunRequest, {}), [
        ["url", "must be given, or monitorId must name a monitor that is there"],
      ])
      assert.deepStrictEqual(yield* issues(TestRunRequest, { monitorId: id, regions: ["USA", "USA"] }), [
        ["regions", "each region may be given once"],
      ])
      const both = { monitorId: id, url: "https://example.com/", timeoutMs: 500, regions: ["USA"] }
      assert.deepStrictEqual<unknown>(yield* Schema.decodeUnknown(TestRunRequest)(both), both)
    }),
  )

  it.effect("name every place that is wrong, and say in words what is", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* issues(SignupRequest, { email: "nobody", name: "", password: "short", admin: true }),
        [
          ["admin", "is not a field that this call knows"],
          ["email", "not an email address"],
          ["name", "must be a string at least 1 character(s) long"],
          ["password", "must be at least 8 characters long"],
        ],
      )
      assert.deepStrictEqual(yield* issues(MonitorCreate, {}), [["url", "is missing"]])
      assert.deepStrictEqual(
        yield* issues(MonitorCreate, { url: "ftp://a", intervalSeconds: 5, timeoutMs: 0.5, enabled: "yes", tags: "a" }),
        [
          [
            "url",
            "only these URLs can be checked: http, https, tcp, dns, icmp, tls, ws, wss, grpc, grpcs, smtp, smtps, postgres, mysql, redis, rediss, domain, heartbeat",
          ],
          ["intervalSeconds", "must be a number between 10 and 86400"],
          ["timeoutMs", "must be an integer"],
          ["enabled", "must be boolean"],
          ["tags", "must be a list"],
        ],
      )
      assert.deepStrictEqual(
        yield* issues(MonitorCreate, { url: "https://example.com", conditions: ["[STATUS] == 200"] }),
        [["conditions.0", "must be an object"]],
      )
      assert.deepStrictEqual(yield* issues(MonitorEdit, []), [["", "must be an object"]])
      assert.deepStrictEqual(yield* issues(MonitorEdit, null), [["", "must be an object"]])
      assert.deepStrictEqual(yield* issues(NoQuery, { page: "2" }), [["page", "is not a field that this call knows"]])
    }),
  )

  it.effect("name bulk operations by their index", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* issues(BulkRequest, {
          operations: [
            { action: "pause", id },
            { action: "create", monitor: { url: "nowhere" } },
            { action: "explode", id },
            { action: "delete", id: "7" },
            { action: "pause", id, force: true },
            7,
          ],
        }),
        [
          ["operations.1.monitor.url", 'not a URL: give it whole, such as "https://example.com/health"'],
          ["operations.2.action", 'must be "create" or "edit" or "pause" or "resume" or "delete"'],
          ["operations.3.id", "must be a Universally Unique Identifier"],
          ["operations.4.force", "is not a field that this call knows"],
          ["operations.5", "must be BulkOperation"],
        ],
      )
      assert.deepStrictEqual(yield* issues(BulkRequest, { operations: [] }), [
        ["operations", "must be an array of at least 1 item(s)"],
      ])
    }),
  )

  it.effect("never quote what was sent", () =>
    Effect.gen(function* () {
      const sent = { email: "quoted@example.com,", name: 7, password: `quoted${"x".repeat(100)}`, quoted: "quoted" }
      const error = yield* refusal(SignupRequest, sent)
      assert.notInclude(JSON.stringify(error.issues.map((issue) => issue.message)), "quoted")
      const long = yield* refusal(MonitorCreate, { url: "x".repeat(60_000), ["y".repeat(60_000)]: 1 })
      assert.isBelow(JSON.stringify(long).length, 2000)
      const many = yield* refusal(MonitorEdit, Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, i])))
      assert.strictEqual(many.issues.length, 100)
      assert.include(many.message, "999 more")
    }),
  )

  it.effect("refuse passwords that bcrypt would not take as they are", () =>
    Effect.gen(function* () {
      const password = (text: string) => issues(SignupRequest, { email: "a@example.com", name: "A", password: text })
      assert.deepStrictEqual(yield* password("é".repeat(37)), [["password", "must be at most 72 bytes long"]])
      assert.deepStrictEqual(yield* password("12345678\u0000abc"), [["password", "must not hold a NUL character"]])
      assert.deepStrictEqual(yield* password("12345678\ud800"), [["password", "must be well-formed Unicode"]])
      const fits = yield* Schema.decode(SignupRequest)({ email: "A@Example.com", name: "A", password: "é".repeat(36) })
      assert.strictEqual(fits.email, "a@example.com")
      assert.strictEqual(Redacted.value(fits.password), "é".repeat(36))
      const tried = yield* Schema.decode(LoginRequest)({ email: "a@example.com", password: "x".repeat(200) })
      assert.notInclude(JSON.stringify(tried), "xxx")
    }),
  )

  it.effect("refuse text that cannot be stored", () =>
    Effect.gen(function* () {
      for (const text of ["a\u0000", "a\nb", "\ud800"]) {
        assert.lengthOf(yield* issues(MonitorEdit, { name: text }), 1)
        assert.lengthOf(yield* issues(MonitorEdit, { tags: [text] }), 1)
        assert.lengthOf(yield* issues(MonitorQuery, { text }), 1)
        assert.lengthOf(yield* issues(LoginRequest, { email: `${text}@example.com`, password: "x" }), 1)
      }
      assert.lengthOf(yield* issues(MonitorEdit, { tags: ["a", "a"] }), 1)
      assert.lengthOf(yield* issues(MonitorEdit, { tags: Array.from({ length: 21 }, (_, i) => `${i}`) }), 1)
    }),
  )
})

describe("query strings", () => {
  it.effect("take whole numbers in plain digits, within their bounds", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* Schema.decode(MonitorQuery)({ limit: "100" }), { limit: 100 })
      assert.deepStrictEqual(yield* Schema.decode(ResultQuery)({ limit: "1000" }), { limit: 1000 })
      for (const limit of ["0", "101", "-1", "1.5", "1e1", "0x10", "", " 5", "ten", "99999999999"]) {
        assert.deepStrictEqual(yield* issues(MonitorQuery, { limit }), [
          ["limit", "must be a whole number from 1 to 100"],
        ])
      }
      assert.lengthOf(yield* issues(MonitorQuery, { limit: ["1", "2"] }), 1)
      assert.lengthOf(yield* issues(CleanupQuery, { days: "0" }), 1)
      assert.deepStrictEqual(yield* issues(StatsQuery, { window: "2y" }), [
        ["window", 'must be "24h" or "7d" or "30d" or "90d" or "1y"'],
      ])
    }),
  )

  it.effect("take instants with their offset, in order", () =>
    Effect.gen(function* () {
      const query = yield* Schema.decode(ResultQuery)({ from: "2026-01-01", to: "2026-01-01T02:00:00+02:00" })
      assert.strictEqual(JSON.stringify(query), '{"from":"2026-01-01T00:00:00.000Z","to":"2026-01-01T00:00:00.000Z"}')
      for (const from of ["yesterday", "2026", "2026-13-01", "2026-01-01T00:00:00", "1969-12-31", "+275000-01-01"]) {
        assert.lengthOf(yield* issues(ResultQuery, { from }), 1, from)
      }
      assert.deepStrictEqual(yield* issues(ResultQuery, { from: "2026-01-02", to: "2026-01-01" }), [
        ["from", "must not be after to"],
      ])
      assert.lengthOf(yield* issues(ResultQuery, { location: "-" }), 1)
    }),
  )
})
