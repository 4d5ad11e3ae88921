import { accessSync, constants } from "node:fs"
import { chmod, writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { delimiter, join } from "node:path"
import type { ProbeServices } from "@uptime/prober/ProbeRun"
import * as Certificates from "@uptime/testing/Certificates"
import { freePort } from "@uptime/testing/FreePort"
import { runToEnd, serverFolder, superviseServer } from "@uptime/testing/ServerProcess"
import { Context, Effect, Layer } from "effect"
import { probeServices } from "./ProbeServicesFixture.ts"

/** The names that certificates are made for, and what they resolve to. */
const names = { "db.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]] }

const found = (program: string): string | null =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .concat("/usr/sbin")
    .map((folder) => join(folder, program))
    .find(isExecutable) ?? null

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const server = found("mariadbd")
const install = found("mariadb-install-db")

/** Whether this machine has a MariaDB. */
export const hasMariaDb = server !== null && install !== null

const setUp = `
CREATE DATABASE shop;
USE shop;
CREATE TABLE shop.things (id int, name varchar(50), doc json);
INSERT INTO shop.things SELECT seq, concat('thing ', seq), '{"x":[1]}' FROM seq_1_to_250;
CREATE TABLE shop.secrets (id int);
CREATE USER checker@'%' IDENTIFIED BY 'p\u00e4ss w\u00f6rd';
CREATE DEFINER = checker@'%' PROCEDURE shop.two() SELECT 1 AS a;
CREATE USER open@'%';
CREATE USER modern@'%' IDENTIFIED VIA ed25519 USING PASSWORD('secret');
CREATE USER secure@'%' IDENTIFIED BY 'secret' REQUIRE SSL;
GRANT SELECT, INSERT, EXECUTE ON shop.* TO checker@'%', secure@'%';
GRANT SELECT ON shop.things TO open@'%';
GRANT ALL ON *.* TO admin@'%' IDENTIFIED BY 'admin' WITH GRANT OPTION;
`.trimStart()

/** A MariaDB with a database `shop`, users of several ways to log in, and a certificate for `db.test`. */
export class MariaDb extends Context.Tag("@uptime/prober/test/MariaDb")<
  MariaDb,
  {
    readonly port: number
    /** What a probe needs that trusts its certificate; made once, because reading the trusted roots takes its time. */
    readonly services: ProbeServices
  }
>() {
  static readonly layer = Layer.scoped(
    this,
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const { cert, key } = yield* authority.issue({ names: ["db.test"] })
      const folder = yield* serverFolder
      const inside = (name: string) => join(folder.path, name)
      yield* Effect.promise(async () => {
        await writeFile(inside("cert.pem"), cert)
        await writeFile(inside("key.pem"), key)
        await writeFile(inside("init.sql"), setUp)
        await chmod(inside("key.pem"), 0o600)
      })
      const common = [
        "--no-defaults",
        `--datadir=${inside("data")}`,
        ...(process.getuid?.() === 0 ? ["--user=root"] : []),
      ]
      yield* runToEnd("MariaDB", install ?? "", [
        ...common,
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
      ])
      const port = yield* freePort
      yield* superviseServer({
        name: "MariaDB",
        folder,
        command: server ?? "",
        args: [
          ...common,
          `--port=${port}`,
          "--bind-address=127.0.0.1",
          `--socket=${inside("socket")}`,
          `--init-file=${inside("init.sql")}`,
          `--ssl-cert=${inside("cert.pem")}`,
          `--ssl-key=${inside("key.pem")}`,
          "--plugin-load-add=auth_ed25519",
          "--plugin-maturity=unknown",
          "--innodb-flush-log-at-trx-commit=0",
        ],
        ready: () => greets(port),
        stopSignal: "SIGTERM",
      })
      const services = yield* probeServices({ names, authorities: [authority.cert] })
      return MariaDb.of({ port, services })
    }).pipe(Effect.orDie),
  )
}

/** Whether a server greets there. */
const greets = (port: number): Effect.Effect<boolean> =>
  Effect.async((resume) => {
    const socket = connect({ host: "127.0.0.1", port })
    const settle = (isThere: boolean) => {
      socket.destroy()
      resume(Effect.succeed(isThere))
    }
    socket.on("error", () => settle(false))
    socket.on("close", () => settle(false))
    socket.on("data", () => settle(true))
  })
