import type { ProbeServices } from "@uptime/prober/ProbeRun"
import * as Certificates from "@uptime/testing/Certificates"
import { startPostgres } from "@uptime/testing/Servers"
import { Context, Effect, Layer } from "effect"
import pg from "pg"
import { probeServices } from "./ProbeServicesFixture.ts"

/** The names that certificates are made for, and what they resolve to. */
const names = { "db.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]] }

/** Who may log in how; everybody else is asked for a password by SCRAM, and `banned` is not asked at all. */
const access = [
  "host all postgres all trust",
  "host all trusted all trust",
  "host all md5_user all md5",
  "host all scram_user all scram-sha-256",
  "host all plain_user all password",
  "hostssl all banned all reject",
  "host all all all scram-sha-256",
]

const setUp = [
  "CREATE ROLE trusted LOGIN",
  "SET password_encryption = 'scram-sha-256'",
  "CREATE ROLE scram_user LOGIN PASSWORD 'p\u00e4ss w\u00f6rd'",
  "CREATE ROLE plain_user LOGIN PASSWORD 'plain'",
  "SET password_encryption = 'md5'",
  "CREATE ROLE md5_user LOGIN PASSWORD 'md5 secret'",
  "CREATE TABLE things (id int, name text)",
  "INSERT INTO things SELECT n, 'thing ' || n FROM generate_series(1, 250) n",
  "GRANT SELECT, INSERT ON things TO PUBLIC",
  "CREATE TABLE secrets (id int)",
]

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Writes a file into the server's folder, as its user. */
const file = (name: string, content: string) =>
  `COPY (SELECT ${literal(Buffer.from(content).toString("base64"))}) TO PROGRAM 'base64 -d > ${name} && chmod 600 ${name}'`

/** A PostgreSQL with users of every way to log in and a certificate for `db.test`. */
export class TestPostgres extends Context.Tag("@uptime/prober/test/TestPostgres")<
  TestPostgres,
  {
    readonly port: number
    /** What a probe needs that trusts its certificate; made once, because reading the trusted roots takes its time. */
    readonly services: ProbeServices
    /** What a query of the superuser's finds in the database. */
    readonly query: (statement: string) => Effect.Effect<ReadonlyArray<unknown>>
  }
>() {
  static readonly layer = Layer.scoped(
    this,
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const { cert, key } = yield* authority.issue({ names: ["db.test"] })
      const { port, url } = yield* startPostgres()
      const client = new pg.Client({ connectionString: url })
      yield* Effect.acquireRelease(
        Effect.promise(() => client.connect()),
        () => Effect.promise(() => client.end()),
      )
      const query = (statement: string) =>
        Effect.map(
          Effect.promise(() => client.query(statement)),
          ({ rows }) => rows,
        )
      for (const statement of [
        ...setUp,
        file("server.crt", cert),
        file("server.key", key),
        file("pg_hba.conf", access.join("\n")),
        "ALTER SYSTEM SET ssl = on",
        "SELECT pg_reload_conf()",
      ]) {
        yield* query(statement)
      }
      yield* Effect.repeat(query("SHOW ssl"), {
        until: (rows) => JSON.stringify(rows) === '[{"ssl":"on"}]',
      })
      const services = yield* probeServices({ names, authorities: [authority.cert] })
      return TestPostgres.of({ port, services, query })
    }).pipe(Effect.orDie),
  )
}
