import * as Crypto from "node:crypto"
import * as FsPromises from "node:fs/promises"
import * as Net from "node:net"
import * as Path from "node:path"
import { Effect, type Scope } from "effect"
import { freePort } from "./FreePort.ts"
import { type PostgresBinaries, postgresBinaries } from "./PostgresBinaries.ts"
import { redisBinary } from "./RedisBinary.ts"
import {
  runToEnd,
  type ServerError,
  type ServerProcess,
  serverFolder,
  serverFolderOnDisk,
  superviseServer,
} from "./ServerProcess.ts"

/** A private server on 127.0.0.1; `url` and `port` stay the same whenever it is stopped and started again. */
export interface Server extends ServerProcess {
  readonly url: string
  readonly port: number
}

export interface ServerOptions {
  /** The port to listen on; a free one unless given. */
  readonly port?: number | undefined
  /** More arguments for the server's command line, after our own and so with the last word. */
  readonly flags?: ReadonlyArray<string> | undefined
  /** Keeps its files on the disk, also where there is room for them in memory. */
  readonly onDisk?: boolean | undefined
}

export interface PostgresOptions extends ServerOptions {
  /** Another PostgreSQL than the one of the tests' own package. */
  readonly programs?: PostgresBinaries | undefined
}

/** The attempts at another port, for when somebody else takes a free one before the server does. */
const portAttempts = 4

const onFreePort = <A, R>(
  options: ServerOptions,
  run: (port: number) => Effect.Effect<A, ServerError, R>,
): Effect.Effect<A, ServerError, R> =>
  options.port === undefined
    ? Effect.flatMap(freePort, run).pipe(
        Effect.retry({ times: portAttempts, while: (error) => error.reason.includes("ddress already in use") }),
      )
    : run(options.port)

/**
 * A PostgreSQL of one's own with an empty database `postgres`, up to 200 connections and no password for its only user.
 * It does not flush to the disk, which a killed process survives all the same; what is committed stays committed.
 */
export const startPostgres = (options: PostgresOptions = {}): Effect.Effect<Server, ServerError, Scope.Scope> =>
  onFreePort(
    options,
    Effect.fnUntraced(function* (port) {
      const folder = yield* options.onDisk === true ? serverFolderOnDisk : serverFolder
      const { initdb, locale, postgres, user } = options.programs ?? (yield* postgresBinaries(folder.path))
      if (user !== undefined) yield* Effect.promise(() => FsPromises.chown(folder.path, user.uid, user.gid))
      const data = Path.join(folder.path, "data")
      yield* runToEnd("PostgreSQL", initdb, ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync", ...locale], {
        ...user,
        cwd: folder.path,
      })
      const settings = {
        listen_addresses: "127.0.0.1",
        unix_socket_directories: "",
        max_connections: "200",
        fsync: "off",
        full_page_writes: "off",
        max_wal_size: "256MB",
        wal_level: "minimal",
        max_wal_senders: "0",
        timezone: "UTC",
        log_timezone: "UTC",
      }
      const server = yield* superviseServer({
        name: "PostgreSQL",
        folder,
        command: postgres,
        args: [
          ...["-D", data, "-p", String(port)],
          ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
          ...(options.flags ?? []),
        ],
        user,
        // Its eighth line says so once recovery is over (miscadmin.h, LOCK_FILE_LINE_PM_STATUS), and its first line whose
        // file it is: one that was killed leaves its own behind.
        ready: (pid) =>
          Effect.promise(() =>
            FsPromises.readFile(Path.join(data, "postmaster.pid"), "utf8").then(
              (text) => {
                const lines = text.split("\n")
                return lines[0] === String(pid) && lines[7]?.trim() === "ready"
              },
              () => false,
            ),
          ),
        stopSignal: "SIGINT",
      })
      return { ...server, port, url: `postgres://postgres@127.0.0.1:${port}/postgres` }
    }),
  )

/** A Redis of one's own that evicts nothing and keeps nothing on disk, unless `flags` say so (`--appendonly yes`). */
export const startRedis = (options: ServerOptions = {}): Effect.Effect<Server, ServerError, Scope.Scope> =>
  onFreePort(
    options,
    Effect.fnUntraced(function* (port) {
      const binary = yield* redisBinary
      const folder = yield* serverFolder
      const flags = [
        ...["--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--daemonize", "no"],
        ...(options.flags ?? []),
      ]
      const common = { name: "Redis", folder, ready: () => answersPing(port), stopSignal: "SIGTERM" } as const
      const server = yield* binary._tag === "Program"
        ? superviseServer({
            ...common,
            command: binary.command,
            args: ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder.path, ...flags],
          })
        : Effect.flatMap(redisContainer(binary.image, port, flags), (container) =>
            superviseServer({ ...common, ...container }),
          )
      return { ...server, port, url: `redis://127.0.0.1:${port}` }
    }),
  )

/** A container that is made once and started as often as the server is, so that its data and its port stay. */
const redisContainer = Effect.fnUntraced(function* (image: string, port: number, flags: ReadonlyArray<string>) {
  const name = `uptime-test-${Crypto.randomUUID()}`
  const docker = (...args: ReadonlyArray<string>) => runToEnd("Redis", "docker", args)
  yield* Effect.acquireRelease(
    docker("create", "--name", name, "-p", `127.0.0.1:${port}:6379`, image, "redis-server", ...flags),
    () => Effect.ignore(docker("rm", "--force", "--volumes", name)),
  )
  return {
    command: "docker",
    args: ["start", "--attach", name],
    signal: (signal: NodeJS.Signals) => Effect.ignore(docker("kill", "--signal", signal, name)),
    abandon: `docker rm --force --volumes ${name}`,
  }
})

/** Whether a Redis answers PING there; it answers with an error while it still loads its data. */
const answersPing = (port: number): Effect.Effect<boolean> =>
  Effect.async((resume) => {
    const socket = Net.connect({ port, host: "127.0.0.1" }, () => socket.write("PING\r\n"))
    const settle = (up: boolean) => {
      socket.destroy()
      resume(Effect.succeed(up))
    }
    socket.setTimeout(1000, () => settle(false))
    socket.on("error", () => settle(false))
    socket.on("data", (data) => settle(data.toString("latin1").startsWith("+PONG")))
    socket.on("close", () => settle(false))
  })
