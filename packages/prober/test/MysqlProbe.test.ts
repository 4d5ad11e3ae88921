import { createHash } from "node:crypto"
import type { Server as NetServer } from "node:net"
import { assert, describe, it, layer } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { mysqlProbe } from "@uptime/prober/MysqlProbe"
import * as Certificates from "@uptime/testing/Certificates"
import { eventually } from "@uptime/testing/Eventually"
import { Config, Effect, Option } from "effect"
import { createServer } from "mysql2"
import { hasMariaDb, MariaDb } from "./MariaDbFixture.ts"
import { probeServices } from "./ProbeServicesFixture.ts"
import { foreignSecret, inTime, phasesOf, said, sealed, silentServer } from "./SocketServers.ts"

type Options = NonNullable<CheckSpec["mysql"]>

const check = (host: string, mysql: Options = {}, timeoutMs = 5_000): CheckSpec => ({
  kind: "mysql",
  url: `mysql://${host}`,
  timeoutMs,
  mysql,
})

const run = (mysql: Options, more: Partial<CheckSpec> = {}, host = "db.test") =>
  Effect.gen(function* () {
    const server = yield* MariaDb
    return yield* inTime(mysqlProbe, server.services, { ...check(`${host}:${server.port}`, mysql), ...more })
  })

const user = (username: string, password: string) =>
  Effect.map(sealed(password), (secret): Options => ({ username, password: secret, database: "shop" }))
const checker = user("checker", "p\u00e4ss w\u00f6rd")
const admin = user("admin", "admin")

/** The rows of a query as text, as evidence of a condition that they do not meet. */
const shown = (query: string) =>
  Effect.gen(function* () {
    const conditions = [{ condition: "[BODY] == something else", severity: "Degraded" as const }]
    const outcome = yield* run({ ...(yield* checker), query }, { conditions })
    assert.strictEqual(outcome.status, "Degraded", `${query}: ${outcome.evidence?.body}`)
    return outcome.evidence?.body ?? ""
  })

/** What conditions see of a query's rows. */
const rowsOf = (query: string) => Effect.map(shown(query), (text): unknown => JSON.parse(text))

/** The user of the server that is made with mysql2. */
const checkerOf = (password: string) => user("checker", password)

const wrong = ["Down", "protocol", "the server refuses the user name or password"] as const

describe("a check of a MySQL server", () => {
  /** A server made with mysql2, to which `checker` may log in with `secret`. */
  const mysqlServer = Effect.gen(function* () {
    const logins: Array<string> = []
    const queries: Array<string> = []
    const hash = (...parts: ReadonlyArray<Buffer>) => createHash("sha1").update(Buffer.concat(parts)).digest()
    const stored = hash(hash(Buffer.from("secret")))
    const server = createServer((connection) => {
      connection.on("error", () => undefined)
      connection.serverHandshake({
        protocolVersion: 10,
        serverVersion: "8.0.0-test",
        connectionId: 1,
        statusFlags: 2,
        characterSet: 33,
        capabilityFlags: 0xffffff & ~0x20 & ~0x800,
        authCallback: (
          given: { user: string; authToken: Buffer; authPluginData1: Buffer; authPluginData2: Buffer },
          done: (error: null, refusal?: { message: string; code: number }) => void,
        ) => {
          logins.push(given.user)
          const mask = hash(given.authPluginData1, given.authPluginData2.subarray(0, 12), stored)
          const once = given.authToken.map((byte, i) => byte ^ (mask[i] ?? 0))
          const isRight = given.user === "checker" && hash(Buffer.from(once)).equals(stored)
          if (isRight) done(null)
          else done(null, { message: "Access denied", code: 1045 })
          nextCommand()
        },
      })
      // Each command begins the count of packets anew, which this server does not do by itself.
      const nextCommand = () => Reflect.set(connection, "sequenceId", 0)
      connection.on("packet", nextCommand)
      connection.on("stmt_prepare", (query: string) => {
        queries.push(query)
        connection.writeOk()
      })
      connection.on("query", (query: string) => {
        queries.push(query)
        if (!query.startsWith("SELECT")) return connection.writeOk()
        connection.writeTextResult(
          [{ n: 1 }],
          [
            {
              catalog: "def",
              schema: "",
              table: "",
              orgTable: "",
              name: "n",
              orgName: "",
              characterSet: 33,
              columnLength: 11,
              columnType: 3,
              flags: 0,
              decimals: 0,
            },
          ],
        )
      })
    })
    const port = yield* Effect.acquireRelease(listening(Reflect.get(server, "_server")), () =>
      Effect.sync(() => server.close(() => undefined)),
    )
    return { port, logins, queries }
  })

  const listening = (server: NetServer) =>
    Effect.async<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(
          typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.dieMessage("no port"),
        )
      })
    })

  it.scopedLive("logs in and asks a question that only reads", () =>
    Effect.gen(function* () {
      const server = yield* mysqlServer
      const options = yield* checkerOf("secret")
      const services = yield* probeServices()
      assert.deepStrictEqual(said(yield* inTime(mysqlProbe, services, check(`127.0.0.1:${server.port}`, options))), [
        "Up",
        null,
        null,
      ])
      assert.deepStrictEqual(server.logins, ["checker"])
      assert.match(server.queries[0] ?? "", /^SET SESSION sql_select_limit = 100 /)
      assert.deepStrictEqual(server.queries.slice(1), [
        "SET SESSION TRANSACTION READ ONLY",
        "START TRANSACTION READ ONLY",
        "SELECT 1",
      ])
    }),
  )

  it.scopedLive("is Down with a wrong password, and Up without a user name", () =>
    Effect.gen(function* () {
      const server = yield* mysqlServer
      const services = yield* probeServices()
      const wrong: Options = { username: "checker", password: yield* sealed("guess") }
      const refused = yield* inTime(mysqlProbe, services, check(`127.0.0.1:${server.port}`, wrong))
      assert.deepStrictEqual(said(refused), ["Down", "protocol", "the server refuses the user name or password"])
      const stranger = yield* inTime(mysqlProbe, services, check(`127.0.0.1:${server.port}`))
      assert.deepStrictEqual(said(stranger), ["Up", null, null])
      // The login is tried to its end, since a server counts those who leave before.
      assert.deepStrictEqual(server.logins, ["checker", "uptime"])
    }),
  )

  it.scopedLive("is Down where TLS is required and not offered", () =>
    Effect.gen(function* () {
      const server = yield* mysqlServer
      const options: Options = { tls: "require" }
      const outcome = yield* inTime(mysqlProbe, yield* probeServices(), check(`127.0.0.1:${server.port}`, options))
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", "the server does not offer TLS"])
    }),
  )

  it.scopedLive("is our own fault when its password cannot be read, and nothing is dialled", () =>
    Effect.gen(function* () {
      const server = yield* silentServer()
      const options: Options = { username: "a", password: yield* foreignSecret }
      const outcome = yield* inTime(mysqlProbe, yield* probeServices(), check(`127.0.0.1:${server.port}`, options))
      assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Unknown", "internal"])
      assert.include(outcome.errorMessage ?? "", "another ENCRYPTION_KEY")
    }),
  )
})

if (hasMariaDb) {
  layer(MariaDb.layer, { excludeTestServices: true, timeout: "60 seconds" })("a check of a MariaDB server", (it) => {
    it.scoped("logs in and asks a question, over TLS where it is offered", () =>
      Effect.gen(function* () {
        const outcome = yield* run(yield* checker)
        assert.deepStrictEqual(said(outcome), ["Up", null, null])
        assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect", "tls", "firstByte", "transfer"])
        assert.strictEqual(outcome.certificateExpiresAt, Certificates.end.getTime())
      }),
    )

    it.scoped(
      "uses TLS as it is told, and takes a wrong certificate where TLS is only preferred, or it is to be ignored",
      () =>
        Effect.gen(function* () {
          const options = yield* checker
          const never = yield* run({ ...options, tls: "never" })
          assert.deepStrictEqual(said(never), ["Up", null, null])
          assert.isNull(never.certificateExpiresAt)
          assert.isNotNull((yield* run({ ...options, tls: "require" })).certificateExpiresAt)
          const required = yield* run({ ...options, tls: "require" }, {}, "other.test")
          assert.deepStrictEqual(said(required), ["Down", "tls", "the certificate is for another host"])
          for (const taken of [options, { ...options, tls: "require", ignoreTls: true }] as const) {
            const outcome = yield* run(taken, {}, "other.test")
            assert.deepStrictEqual(said(outcome), ["Up", null, null])
            assert.isNotNull(outcome.certificateExpiresAt)
          }
        }),
    )

    it.scoped("is Up or Down by who logs in", () =>
      Effect.gen(function* () {
        const secure = yield* user("secure", "secret")
        for (const [options, expected] of [
          [{ username: "open", database: "shop" }, ["Up", null, null]],
          [secure, ["Up", null, null]],
          [{ ...secure, tls: "never" }, [...wrong]],
          [yield* user("checker", "guess"), [...wrong]],
          [{ username: "checker", database: "shop" }, [...wrong]],
          [{ username: "nobody" }, [...wrong]],
          [{ ...(yield* checker), database: "mysql" }, ["Down", "protocol", "the user may not use the database"]],
          [{ ...(yield* admin), database: "nowhere" }, ["Down", "protocol", "the database does not exist"]],
          [
            yield* user("modern", "secret"),
            ["Down", "protocol", "the server asks for a way to log in that this check does not know"],
          ],
        ] as const) {
          assert.deepStrictEqual(said(yield* run(options)), [...expected], JSON.stringify(options.username))
        }
      }),
    )

    it.scoped("without a user name is Up where a stranger is turned away", () =>
      Effect.gen(function* () {
        const outcome = yield* run({})
        assert.deepStrictEqual(said(outcome), ["Up", null, null])
        assert.isNotNull(outcome.certificateExpiresAt)
        assert.deepStrictEqual(said(yield* run({ tls: "never" })), ["Up", null, null])
      }),
    )

    it.scoped("shows its rows as JSON, with numbers and documents as what they are", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* rowsOf("SELECT id, name FROM things WHERE id < 3 ORDER BY id"), [
          { id: 1, name: "thing 1" },
          { id: 2, name: "thing 2" },
        ])
        assert.strictEqual(
          yield* shown(
            `SELECT 1 AS a, 18446744073709551615 AS b, 1.50 AS c, 1e300 AS d, true AS e, NULL AS f, 'ch\u00e4r' AS g,
             DATE '2026-01-02' AS h, repeat('x', 300) AS i, 0 AS \`__proto__\``,
          ),
          `[{"a":1,"b":"18446744073709551615","c":1.5,"d":1e+300,"e":1,"f":null,"g":"ch\u00e4r","h":"2026-01-02","i":"${"x".repeat(300)}","__proto__":0}]`,
        )
        assert.deepStrictEqual(yield* rowsOf("SELECT id FROM things WHERE false"), [])
        assert.deepStrictEqual(yield* rowsOf("DO 1"), [])
        assert.deepStrictEqual(yield* rowsOf("CALL two()"), [{ a: 1 }])
      }),
    )

    it.scoped("reads the first 100 rows, and whole rows of 64 KiB at most", () =>
      Effect.gen(function* () {
        for (const [query, rows] of [
          ["SELECT id FROM things", 100],
          ["SELECT id FROM things LIMIT 99", 99],
          ["SHOW VARIABLES", 100],
          ["SELECT repeat('x', 10000) AS text FROM things", 6],
        ] as const) {
          const conditions = [{ condition: `len([BODY]) == ${rows}`, severity: "Down" as const }]
          const outcome = yield* run({ ...(yield* checker), query }, { conditions })
          assert.deepStrictEqual(said(outcome), ["Up", null, null], query)
        }
        const long = yield* run({ ...(yield* checker), query: "SELECT repeat('x', 70000)" })
        assert.deepStrictEqual(said(long), [
          "Down",
          "protocol",
          "the query's first row is longer than 64 KiB: ask for less",
        ])
      }),
    )

    it.scoped("only reads, whatever the query says", () =>
      Effect.gen(function* () {
        const writes = ["Down", "protocol", "the query writes, and a check only reads"] as const
        for (const query of [
          "INSERT INTO things VALUES (0, 'written', NULL)",
          "DELETE FROM things",
          "CREATE TABLE written (id int)",
          "DROP TABLE things",
          "GRANT ALL ON *.* TO open@'%'",
        ]) {
          assert.deepStrictEqual(said(yield* run({ ...(yield* admin), query })), [...writes], query)
        }
        const two = yield* run({ ...(yield* admin), query: "COMMIT; DELETE FROM things" })
        assert.deepStrictEqual(said(two), ["Down", "protocol", "the query is not one statement of SQL"])
        assert.deepStrictEqual(yield* rowsOf("SELECT count(*) AS n FROM things"), [{ n: 250 }])
      }),
    )

    it.scoped("is Down where the query fails, by what is wrong with it", () =>
      Effect.gen(function* () {
        for (const [query, message] of [
          ["SELEC 1", "the query is not one statement of SQL"],
          ["SELECT * FROM secrets", "the user may not do what the query asks for"],
          ["SELECT (SELECT id FROM things)", "the server refuses the query"],
        ] as const) {
          const options: Options = { username: "open", database: "shop", query }
          assert.deepStrictEqual(said(yield* run(options)), ["Down", "protocol", message], query)
        }
        const nowhere = yield* run({ ...(yield* checker), query: "SELECT * FROM nothing" })
        assert.strictEqual(nowhere.errorMessage, "the query asks for a table that does not exist")
        const failed = yield* run({ ...(yield* checker), query: "SELECT (SELECT id FROM things)" })
        assert.strictEqual(failed.evidence?.body, "Subquery returns more than 1 row")
      }),
    )

    it.scoped("is given up when its query takes too long, and the server does not go on with it", () =>
      Effect.gen(function* () {
        const outcome = yield* run({ ...(yield* checker), query: "SELECT sleep(30)" }, { timeoutMs: 700 })
        assert.strictEqual(outcome.errorKind, "timeout")
        const query =
          "SELECT count(*) AS n FROM information_schema.processlist WHERE user = 'checker' AND info LIKE '%30%'"
        const conditions = [{ condition: "[BODY][0].n == 0", severity: "Down" as const }]
        const running = Effect.map(
          Effect.flatMap(admin, (options) => run({ ...options, query }, { conditions })),
          ({ status }) => status,
        )
        yield* eventually(running, (status) => status === "Up", "4 seconds")
      }),
    )
  })
} else {
  // A run that counts must not leave it out in silence.
  it.skipIf(Option.isNone(Effect.runSync(Config.option(Config.string("CI")))))(
    "a check of a MariaDB server is tried where there is one",
    () => {
      assert.fail("this machine has neither mariadbd nor mariadb-install-db: install mariadb-server")
    },
  )
}
