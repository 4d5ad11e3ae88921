import { assert, describe, it } from "@effect/vitest"
import { Region } from "@uptime/domain/Region"
import { Config, type ConfigError, ConfigProvider, Duration, Effect, LogLevel, Option, Redacted } from "effect"
import fc from "fast-check"
import { configProblems } from "../src/ConfigProblem.ts"
import { environmentProvider } from "../src/Environment.ts"
import * as Settings from "../src/Settings.ts"

const read = <A>(config: Config.Config<A>, variables: Readonly<Record<string, string>> = {}) =>
  Effect.withConfigProvider(config, ConfigProvider.fromMap(new Map(Object.entries(variables)), { pathDelim: "_" }))

const problems = (config: Config.Config<unknown>, variables: Readonly<Record<string, string>> = {}) =>
  Effect.map(Effect.flip(read(config, variables)), (error: ConfigError.ConfigError) => configProblems(error))

/** Every setting, by the variable that decides it. */
const all = {
  DATABASE_URL: Settings.databaseUrl,
  REDIS_URL: Settings.redisUrl,
  STREAM_KEY: Settings.streamKey,
  STREAM_SHARDS: Settings.streamShards,
  JWT_SECRET: Settings.jwtSecret,
  ENCRYPTION_KEY: Settings.encryptionKeyOption,
  JWT_EXPIRES_IN: Settings.jwtExpiresIn,
  PORT: Settings.port(3000),
  HOST: Settings.host,
  REGIONS: Settings.regions,
  REGION: Settings.region,
  PROBE_CONCURRENCY: Settings.probeConcurrency,
  CANARIES: Settings.canaries,
  DEFAULT_INTERVAL: Settings.defaultInterval,
  RETENTION_DAYS: Settings.retentionDays,
  INCIDENT_RETENTION_DAYS: Settings.incidentRetentionDays,
  SIGNUP: Settings.signup,
  LOG_LEVEL: Settings.logLevel,
  LOG_FORMAT: Settings.logFormat,
  OTEL_EXPORTER_OTLP_ENDPOINT: Settings.otlpEndpoint,
  OTEL_EXPORTER_OTLP_HEADERS: Settings.otlpHeaders,
  PUBLIC_URL: Settings.publicUrl,
  TRUSTED_PROXIES: Settings.trustedProxies,
  CORS_ORIGINS: Settings.corsOrigins,
} satisfies Record<string, Config.Config<unknown>>

const secrets = new Set(["DATABASE_URL", "REDIS_URL", "JWT_SECRET", "ENCRYPTION_KEY", "OTEL_EXPORTER_OTLP_HEADERS"])

describe("settings", () => {
  it.effect("name canaries by host and port", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* read(Settings.canaries, { CANARIES: "1.1.1.1:443, [2620:fe::fe]:53,canary.example.com:80" }),
        [
          { host: "1.1.1.1", port: 443 },
          { host: "2620:fe::fe", port: 53 },
          { host: "canary.example.com", port: 80 },
        ],
      )
    }),
  )

  it.effect("have the documented defaults", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* read(Settings.streamKey), "BetterUptime:Websites")
      assert.deepStrictEqual(yield* read(Settings.jwtExpiresIn), Duration.days(7))
      assert.strictEqual(yield* read(Settings.port(3001)), 3001)
      assert.strictEqual(yield* read(Settings.host), "127.0.0.1")
      assert.deepStrictEqual(yield* read(Settings.regions), [Region.make("USA"), Region.make("India")])
      assert.strictEqual(yield* read(Settings.dataDir), "./data")
      assert.strictEqual(yield* read(Settings.probeConcurrency), 200)
      assert.deepStrictEqual(yield* read(Settings.canaries), [])
      assert.strictEqual(yield* read(Settings.defaultInterval), 180)
      assert.strictEqual(yield* read(Settings.retentionDays), 90)
      assert.strictEqual(yield* read(Settings.incidentRetentionDays), 730)
      assert.strictEqual(yield* read(Settings.signup), "open")
      assert.strictEqual(yield* read(Settings.logLevel), LogLevel.Info)
      assert.deepStrictEqual(yield* read(Settings.logFormat), Option.none())
      assert.deepStrictEqual(yield* read(Settings.databaseUrlOption), Option.none())
      assert.deepStrictEqual(yield* read(Settings.redisUrlOption), Option.none())
      assert.deepStrictEqual(yield* read(Settings.jwtSecretOption), Option.none())
      assert.deepStrictEqual(yield* read(Settings.encryptionKeyOption), Option.none())
      assert.deepStrictEqual(yield* read(Settings.otlpEndpoint), Option.none())
      assert.deepStrictEqual(yield* read(Settings.publicUrl), Option.none())
      assert.deepStrictEqual(yield* read(Settings.trustedProxies), [])
      assert.deepStrictEqual(yield* read(Settings.corsOrigins), [])
    }),
  )

  it.effect("are read as they are written, spaces aside", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* read(Settings.regions, { REGIONS: " EU-west , USA" }), [
        Region.make("EU-west"),
        Region.make("USA"),
      ])
      assert.strictEqual(yield* read(Settings.region, { REGION: "EU", REGIONS: "USA,EU" }), Region.make("EU"))
      assert.deepStrictEqual(yield* read(Settings.jwtExpiresIn, { JWT_EXPIRES_IN: "12h" }), Duration.hours(12))
      assert.deepStrictEqual(yield* read(Settings.jwtExpiresIn, { JWT_EXPIRES_IN: "2w" }), Duration.days(14))
      assert.strictEqual(yield* read(Settings.logLevel, { LOG_LEVEL: "WARN" }), LogLevel.Warning)
      assert.deepStrictEqual(yield* read(Settings.trustedProxies, { TRUSTED_PROXIES: "10.0.0.0/8, ::1" }), [
        "10.0.0.0/8",
        "::1",
      ])
      assert.deepStrictEqual(
        yield* read(Settings.publicUrl, { PUBLIC_URL: "https://example.com/uptime/" }),
        Option.some("https://example.com/uptime"),
      )
      const database = yield* read(Settings.databaseUrl, { DATABASE_URL: "postgres://a:b@h:1/d?sslmode=require" })
      assert.strictEqual(Redacted.value(database), "postgres://a:b@h:1/d?sslmode=require")
    }),
  )

  it.effect("give the workers of several regions on one host ports of their own", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* read(Settings.workerPort, { REGION: "USA" }), 3002)
      assert.strictEqual(yield* read(Settings.workerPort, { REGION: "India" }), 3003)
      assert.strictEqual(yield* read(Settings.workerPort, { REGION: "India", PORT: "8080" }), 8080)
      assert.deepStrictEqual(yield* problems(Settings.workerPort, { REGION: "USA", PORT: "http" }), [
        'PORT must be a whole number from 0 to 65535, not "http"; for example PORT=3002',
      ])
    }),
  )

  const wrong: ReadonlyArray<readonly [keyof typeof all, ReadonlyArray<string>]> = [
    ["DATABASE_URL", ["localhost", "mysql://h/d", "postgres//h"]],
    [
      "REDIS_URL",
      [
        ...["127.0.0.1:6379", "http://h", "redis+cluster://h:0", "redis+cluster://a:1,,b:2"],
        ...["redis+cluster://h:1/1", "rediss+cluster://u:%@h:1?x", "redis+cluster://a b:1", "redis+sentinel://h"],
      ],
    ],
    ["STREAM_SHARDS", ["0", "129", "2.5", "many"]],
    ["STREAM_KEY", ["a b", "é", "x".repeat(201)]],
    ["JWT_SECRET", ["short", "x".repeat(31)]],
    ["ENCRYPTION_KEY", ["short", "x".repeat(31)]],
    ["JWT_EXPIRES_IN", ["7", "0d", "10s", "7 days", "-1d", "2000d"]],
    ["PORT", ["-1", "65536", "3000.5", "0x10", "1e3"]],
    ["HOST", ["a b", "http://x"]],
    ["REGIONS", [",", "USA,,EU", "USA,USA", "1USA", "A B", "x".repeat(33)]],
    ["REGION", ["Mars", "USA,India", "usa"]],
    ["PROBE_CONCURRENCY", ["0", "5001", "many", "-5"]],
    [
      "CANARIES",
      [
        "1.1.1.1",
        ":53",
        "a:0",
        "a:65536",
        "::1:53",
        "[::1]",
        "a:1,,b:2",
        "a b:1",
        "http://a:1",
        `${"a:1,".repeat(8)}a:1`,
      ],
    ],
    ["DEFAULT_INTERVAL", ["9", "86401", "60s", "10.5"]],
    ["RETENTION_DAYS", ["0", "-1", "forever"]],
    ["INCIDENT_RETENTION_DAYS", ["0", "36501", "forever"]],
    ["SIGNUP", ["maybe", "true"]],
    ["LOG_LEVEL", ["loud"]],
    ["LOG_FORMAT", ["xml"]],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", ["localhost:4318", "ftp://h"]],
    ["OTEL_EXPORTER_OTLP_HEADERS", ["authorization", "a=1,,b=2", "na me=1"]],
    ["PUBLIC_URL", ["example.com", "https://u:p@example.com", "https://example.com/?a=1"]],
    [
      "TRUSTED_PROXIES",
      ["loopback", "10.0.0.0/33", "10.0.0", "::/129", "10.0.0.0/8/8", "example.com", "fe80::1%eth0", "10.0.0.0/"],
    ],
    ["CORS_ORIGINS", ["*", "https://example.com/", "example.com", "https://a.com,https://b.com/x"]],
  ]
  for (const [name, values] of wrong) {
    it.effect(`${name} refuses what it cannot be, in one line that names it and gives an example`, () =>
      Effect.forEach(values, (value) =>
        Effect.map(problems(all[name], { [name]: value }), (lines) => {
          assert.strictEqual(lines.length, 1, value)
          assert.match(lines[0] ?? "", new RegExp(`^${name} must be .+; for example ${name}=.+$`))
          if (secrets.has(name)) assert.notInclude((lines[0] ?? "").split("; for example")[0] ?? "", value)
          else assert.include(lines[0], JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value))
        }),
      ),
    )
  }

  it.effect("of any text are either read or refused in one line, and a secret's text is never in it", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...Object.keys(all)),
          fc.oneof(fc.string({ unit: "binary" }), fc.string({ minLength: 8 })),
          (name, text) =>
            Effect.runPromise(
              read(
                Config.map(Config.all(all), () => undefined),
                {
                  DATABASE_URL: "postgres://h/d",
                  REDIS_URL: "redis://h",
                  JWT_SECRET: "0123456789abcdef0123456789abcdef",
                  REGION: "USA",
                  [name]: text,
                },
              ).pipe(
                Effect.match({
                  onSuccess: () => true,
                  onFailure: (error) => {
                    const lines = configProblems(error)
                    // A different REGIONS makes the REGION wrong as well.
                    assert.isAtMost(lines.length, 1)
                    assert.notMatch(lines[0] ?? "", /[\r\n]/)
                    if (secrets.has(name) && text.trim().length >= 8) {
                      assert.notInclude((lines[0] ?? "").split("; for example")[0] ?? "", text.trim())
                    }
                    return true
                  },
                }),
              ),
            ),
        ),
        { numRuns: 300 },
      ),
    ),
  )

  it.effect("round-trip every list of distinct regions", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/), { minLength: 1, maxLength: 64 }),
          async (names) => {
            const regions = await Effect.runPromise(read(Settings.regions, { REGIONS: names.join(",") }))
            assert.deepStrictEqual(
              [...regions],
              names.map((name) => Region.make(name)),
            )
          },
        ),
      ),
    ),
  )

  it.effect("that are wrong together are all told, each once", () =>
    Effect.gen(function* () {
      const lines = yield* problems(
        Config.all({
          port: Settings.port(3000),
          own: Settings.region,
          every: Settings.regions,
          secret: Settings.jwtSecret,
        }),
        { PORT: "x", REGION: "USA", REGIONS: "USA,USA", JWT_SECRET: "short" },
      )
      assert.deepStrictEqual(
        lines.map((line) => line.split(" ")[0]),
        ["PORT", "REGIONS", "JWT_SECRET"],
      )
    }),
  )

  it.effect("that must be given say so when they are not", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* problems(Settings.redisUrl), [
        "REDIS_URL is not set; for example REDIS_URL=redis://127.0.0.1:6379",
      ])
    }),
  )
})

describe("the environment", () => {
  const value = (below: Record<string, string>, above: Record<string, string>) =>
    Effect.withConfigProvider(Settings.streamKey, environmentProvider(below, above))

  it.effect("wins over .env, which wins over the default", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* value({ STREAM_KEY: "file" }, { STREAM_KEY: "env" }), "env")
      assert.strictEqual(yield* value({ STREAM_KEY: "file" }, {}), "file")
      assert.strictEqual(yield* value({}, {}), "BetterUptime:Websites")
    }),
  )

  it.effect("takes a variable that is set to nothing as not set", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* value({ STREAM_KEY: "file" }, { STREAM_KEY: "" }), "BetterUptime:Websites")
      assert.strictEqual(yield* value({ STREAM_KEY: " " }, {}), "BetterUptime:Websites")
    }),
  )
})
