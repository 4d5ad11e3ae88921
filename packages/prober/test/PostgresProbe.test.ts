import { assert, layer } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { postgresProbe } from "@uptime/prober/PostgresProbe"
import * as Certificates from "@uptime/testing/Certificates"
import { eventually } from "@uptime/testing/Eventually"
import { Effect } from "effect"
import { TestPostgres } from "./PostgresFixture.ts"
import { foreignSecret, inTime, phasesOf, said, sealed } from "./SocketServers.ts"

type Options = NonNullable<CheckSpec["postgres"]>

const check = (host: string, postgres: Options = {}, timeoutMs = 5_000): CheckSpec => ({
  kind: "postgres",
  url: `postgres://${host}`,
  timeoutMs,
  postgres,
})

/** A check of the test's own server. */
const probe = (postgres: Options = {}, host = "db.test", timeoutMs = 5_000) =>
  Effect.gen(function* () {
    const server = yield* TestPostgres
    return yield* inTime(postgresProbe, server.services, check(`${host}:${server.port}`, postgres, timeoutMs))
  })

const user = (username: string, password: string) =>
  Effect.map(sealed(password), (secret): Options => ({ username, password: secret, database: "postgres" }))

const trusted: Options = { username: "trusted", database: "postgres" }

/** The rows of a query as text, as evidence of a condition that they do not meet. */
const shown = (query: string) =>
  Effect.gen(function* () {
    const server = yield* TestPostgres
    const conditions = [{ condition: "[BODY] == something else", severity: "Degraded" as const }]
    const spec = { ...check(`db.test:${server.port}`, { ...trusted, query }), conditions }
    const outcome = yield* inTime(postgresProbe, server.services, spec)
    assert.strictEqual(outcome.status, "Degraded")
    return outcome.evidence?.body ?? ""
  })

/** What conditions see of a query's rows. */
const rowsOf = (query: string) => Effect.map(shown(query), (text): unknown => JSON.parse(text))

const wrong = ["Down", "protocol", "the server refuses the user name or password"] as const

layer(TestPostgres.layer, { excludeTestServices: true, timeout: "60 seconds" })(
  "a check of a PostgreSQL server",
  (it) => {
    it.scoped("logs in and asks a question, over TLS where it is offered", () =>
      Effect.gen(function* () {
        const outcome = yield* probe(trusted)
        assert.deepStrictEqual(said(outcome), ["Up", null, null])
        assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect", "tls", "firstByte", "transfer"])
        assert.strictEqual(outcome.certificateExpiresAt, Certificates.end.getTime())
      }),
    )

    it.scoped(
      "uses TLS as it is told, and takes a wrong certificate where TLS is only preferred, or it is to be ignored",
      () =>
        Effect.gen(function* () {
          assert.isNull((yield* probe({ ...trusted, tls: "never" })).certificateExpiresAt)
          assert.isNotNull((yield* probe({ ...trusted, tls: "require" })).certificateExpiresAt)
          assert.deepStrictEqual(said(yield* probe({ ...trusted, tls: "require" }, "other.test")), [
            "Down",
            "tls",
            "the certificate is for another host",
          ])
          for (const taken of [trusted, { ...trusted, tls: "require", ignoreTls: true }] as const) {
            const outcome = yield* probe(taken, "other.test")
            assert.deepStrictEqual(said(outcome), ["Up", null, null])
            assert.isNotNull(outcome.certificateExpiresAt)
          }
        }),
    )

    it.scoped(
      "sends no password as it is to a server whose certificate does not verify, unless that is to be ignored",
      () =>
        Effect.gen(function* () {
          const plain = yield* user("plain_user", "plain")
          const outcome = yield* probe(plain, "other.test")
          assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Down", "tls"])
          assert.include(outcome.errorMessage ?? "", "the password would be sent as it is")
          assert.strictEqual((yield* probe({ ...plain, ignoreTls: true }, "other.test")).status, "Up")
          const scram = yield* user("scram_user", "p\u00e4ss w\u00f6rd")
          assert.strictEqual((yield* probe(scram, "other.test")).status, "Up")
        }),
    )

    for (const [name, password] of [
      ["scram_user", "p\u00e4ss w\u00f6rd"],
      ["md5_user", "md5 secret"],
      ["plain_user", "plain"],
    ] as const) {
      it.scoped(`logs in as ${name}, with and without TLS`, () =>
        Effect.gen(function* () {
          const right = yield* user(name, password)
          assert.deepStrictEqual(said(yield* probe(right)), ["Up", null, null])
          assert.deepStrictEqual(said(yield* probe({ ...right, tls: "never" })), ["Up", null, null])
          assert.deepStrictEqual(said(yield* probe(yield* user(name, "guess"))), [...wrong])
          const none = yield* probe({ username: name, database: "postgres" })
          assert.deepStrictEqual(said(none), [
            "Down",
            "protocol",
            "the server asks for a password, and this check has none",
          ])
        }),
      )
    }

    it.scoped("without a user name is Up where the server asks who is there, or does not let strangers in", () =>
      Effect.gen(function* () {
        const outcome = yield* probe()
        assert.deepStrictEqual(said(outcome), ["Up", null, null])
        assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect", "tls", "firstByte", "transfer"])
        assert.strictEqual((yield* probe({ tls: "never" })).status, "Up")
      }),
    )

    it.scoped("is Down where the user is not let in, or the database does not exist", () =>
      Effect.gen(function* () {
        const banned = yield* user("banned", "x")
        assert.deepStrictEqual(said(yield* probe(banned)), [
          "Down",
          "protocol",
          "the server does not let this user in from here",
        ])
        const outcome = yield* probe({ ...trusted, database: "nowhere" })
        assert.deepStrictEqual(said(outcome), ["Down", "protocol", "the database does not exist"])
        assert.include(outcome.evidence?.body ?? "", '"nowhere"')
      }),
    )

    it.scoped("only reads, whatever the query says", () =>
      Effect.gen(function* () {
        const server = yield* TestPostgres
        const writes = ["Down", "protocol", "the query writes, and a check only reads"] as const
        for (const query of [
          "INSERT INTO things VALUES (0, 'written')",
          "WITH written AS (INSERT INTO things VALUES (0, 'written') RETURNING 1) SELECT * FROM written",
          "DO $$ BEGIN INSERT INTO things VALUES (0, 'written'); END $$",
          "CREATE TABLE written (id int)",
        ]) {
          assert.deepStrictEqual(said(yield* probe({ username: "postgres", query })), [...writes], query)
        }
        for (const query of [
          "COMMIT; INSERT INTO things VALUES (0, 'written')",
          "DO $$ BEGIN SET TRANSACTION READ WRITE; INSERT INTO things VALUES (0, 'written'); END $$",
          "DO $$ BEGIN COMMIT; INSERT INTO things VALUES (0, 'written'); END $$",
        ]) {
          assert.strictEqual((yield* probe({ username: "postgres", query })).status, "Down", query)
        }
        assert.deepStrictEqual(yield* server.query("SELECT count(*)::int AS n FROM things"), [{ n: 250 }])
      }),
    )

    it.scoped("is Down where the query fails, by what is wrong with it", () =>
      Effect.gen(function* () {
        for (const [query, message] of [
          ["SELEC 1", "the query is not one statement of SQL"],
          ["SELECT 1; SELECT 2", "the query is not one statement of SQL"],
          ["SELECT * FROM nothing", "the query asks for a table that does not exist"],
          ["SELECT * FROM secrets", "the user may not do what the query asks for"],
          ["SELECT 1 / 0", "the server refuses the query"],
          ["SELECT 1 / (id - 5) FROM things", "the server refuses the query"],
          ["COPY things TO STDOUT", "the query copies data: ask for rows"],
          ["SELECT repeat('x', 70000)", "the query's first row is longer than 64 KiB: ask for less"],
        ] as const) {
          assert.deepStrictEqual(said(yield* probe({ ...trusted, query })), ["Down", "protocol", message], query)
        }
        const failed = yield* probe({ ...trusted, query: "SELECT 1 / 0" })
        assert.strictEqual(failed.evidence?.body, "division by zero")
      }),
    )

    it.scoped("is given up when its query takes too long, and the server does not go on with it", () =>
      Effect.gen(function* () {
        const server = yield* TestPostgres
        const outcome = yield* probe({ ...trusted, query: "SELECT pg_sleep(30)" }, "db.test", 700)
        assert.strictEqual(outcome.errorKind, "timeout")
        const running = server.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'uptime'")
        yield* eventually(running, (rows) => rows.length === 0, "3 seconds")
      }),
    )

    it.scoped("leaves no session and no message in the log", () =>
      Effect.gen(function* () {
        const server = yield* TestPostgres
        yield* probe(trusted)
        const running = server.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'uptime'")
        yield* eventually(running, (rows) => rows.length === 0, "2 seconds")
      }),
    )

    it.scoped("is our own fault when its password cannot be read, and nothing is dialled", () =>
      Effect.gen(function* () {
        const outcome = yield* probe({ ...trusted, password: yield* foreignSecret })
        assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Unknown", "internal"])
        assert.include(outcome.errorMessage ?? "", "another ENCRYPTION_KEY")
      }),
    )

    it.scoped("shows its rows as JSON, with numbers and documents as what they are", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* rowsOf("SELECT id, name FROM things WHERE id < 3 ORDER BY id"), [
          { id: 1, name: "thing 1" },
          { id: 2, name: "thing 2" },
        ])
        const values = yield* rowsOf(
          `SELECT 1::int2 AS a, 2::int8 AS b, 9007199254740993 AS c, 1.50 AS d, 1e300::float8 AS e, 'NaN'::float8 AS f,
           true AS g, NULL AS h, '{"x":[1]}'::jsonb AS i, '2026-01-02'::date AS j, 'chär' AS k, 'infinity'::float4 AS l,
           0 AS "__proto__", 'x'::bytea AS m`,
        )
        assert.strictEqual(
          JSON.stringify(values),
          '[{"a":1,"b":2,"c":"9007199254740993","d":1.5,"e":1e+300,"f":"NaN","g":true,"h":null,"i":{"x":[1]},"j":"2026-01-02","k":"chär","l":"Infinity","__proto__":0,"m":"\\\\x78"}]',
        )
        assert.deepStrictEqual(yield* rowsOf("SELECT id FROM things WHERE false"), [])
        assert.deepStrictEqual(yield* rowsOf("SET LOCAL work_mem = '1MB'"), [])
        assert.deepStrictEqual(yield* rowsOf("-- nothing"), [])
      }),
    )

    it.scoped("reads the first 100 rows, and whole rows of 64 KiB at most", () =>
      Effect.gen(function* () {
        const server = yield* TestPostgres
        for (const [query, rows] of [
          ["SELECT id FROM things", 100],
          ["SELECT id FROM things LIMIT 99", 99],
          ["SELECT n, repeat('x', 10000) AS text FROM generate_series(1, 1000000) n", 6],
        ] as const) {
          const conditions = [{ condition: `len([BODY]) == ${rows}`, severity: "Down" as const }]
          const spec = { ...check(`db.test:${server.port}`, { ...trusted, query }), conditions }
          assert.deepStrictEqual(said(yield* inTime(postgresProbe, server.services, spec)), ["Up", null, null], query)
        }
      }),
    )
  },
)
