import { randomUUID } from "node:crypto"
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { join } from "node:path"
import { Data, Effect, Either, Option, Predicate, Schema, type Scope } from "effect"

/** Another process is running on this folder. */
export class DataDirInUse extends Data.TaggedError("DataDirInUse")<{
  readonly dataDir: string
  readonly pid: number
}> {
  override get message(): string {
    return `the data folder ${this.dataDir} is in use by another process (pid ${this.pid}): stop it first, or set DATA_DIR to another folder`
  }
}

/** The folder cannot be made, read or written. */
export class DataDirUnusable extends Data.TaggedError("DataDirUnusable")<{
  readonly dataDir: string
  readonly cause: unknown
}> {
  override get message(): string {
    const text = this.cause instanceof Error ? this.cause.message : String(this.cause)
    return `the data folder ${this.dataDir} cannot be used: ${text}`
  }
}

/**
 * Makes the folder if need be and holds it until the scope closes, by a file `lock` in it. A lock whose process is gone,
 * killed for instance, is taken over; a process is known by its id and its time of start, and by the socket it listens
 * on, which tells the truth across containers that share a folder too.
 *
 * @param socketPath where the holder listens once it is up
 */
export const lockDataDir = (
  dataDir: string,
  socketPath: string,
): Effect.Effect<void, DataDirInUse | DataDirUnusable, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.gen(function* () {
      const lockPath = join(dataDir, "lock")
      yield* attempt(dataDir, () => mkdir(dataDir, { recursive: true, mode: 0o700 }))
      const startedAt = yield* processStart(process.pid)
      const own = JSON.stringify({ pid: process.pid, startedAt, socketPath, token: randomUUID() } satisfies Holder)
      for (let round = 0; round < 10; round++) {
        if (yield* create(dataDir, lockPath, own)) return { lockPath, own }
        const found = yield* read(lockPath)
        if (Option.isNone(found)) continue
        const holder = decodeHolder(found.value)
        if (Either.isRight(holder) && (yield* isAlive(holder.right))) {
          return yield* new DataDirInUse({ dataDir, pid: holder.right.pid })
        }
        yield* removeStale(dataDir, lockPath, found.value)
      }
      return yield* new DataDirUnusable({ dataDir, cause: new Error("its lock changes hands all the time") })
    }),
    Effect.fnUntraced(
      function* ({ lockPath, own }) {
        const found = yield* read(lockPath)
        if (Option.isSome(found) && found.value === own) yield* Effect.promise(() => rm(lockPath, { force: true }))
      },
      Effect.catchAllCause((cause) => Effect.logWarning("the data folder's lock could not be removed", cause)),
    ),
  ).pipe(Effect.asVoid)

const Holder = Schema.Struct({
  pid: Schema.Int,
  /** The process's start in ticks since the machine's; null where the system does not tell. */
  startedAt: Schema.NullOr(Schema.String),
  socketPath: Schema.String,
  token: Schema.String,
})
type Holder = typeof Holder.Type
const decodeHolder = Schema.decodeUnknownEither(Schema.parseJson(Holder))

const attempt = <A>(dataDir: string, f: () => Promise<A>): Effect.Effect<A, DataDirUnusable> =>
  Effect.tryPromise({ try: f, catch: (cause) => new DataDirUnusable({ dataDir, cause }) })

/** False when there is a lock already. */
const create = Effect.fnUntraced(function* (
  dataDir: string,
  lockPath: string,
  text: string,
): Effect.fn.Return<boolean, DataDirUnusable> {
  // Written aside and linked, so that nobody ever reads a lock that is half written.
  const aside = `${lockPath}.${randomUUID()}`
  yield* attempt(dataDir, () => writeFile(aside, text, { flag: "wx", mode: 0o600 }))
  return yield* attempt(dataDir, () =>
    link(aside, lockPath).then(
      () => true,
      (error: unknown) => (hasCode(error, "EEXIST") ? false : Promise.reject(error)),
    ),
  ).pipe(Effect.ensuring(Effect.promise(() => rm(aside, { force: true }))))
})

const read = (path: string): Effect.Effect<Option.Option<string>> =>
  Effect.option(Effect.tryPromise(() => readFile(path, "utf8")))

/** Moves the stale lock away; one that turns out to be another's fresh one is put back. */
const removeStale = Effect.fnUntraced(function* (
  dataDir: string,
  lockPath: string,
  stale: string,
): Effect.fn.Return<void, DataDirUnusable> {
  const aside = `${lockPath}.${randomUUID()}`
  const moved = yield* Effect.option(Effect.tryPromise(() => rename(lockPath, aside)))
  if (Option.isNone(moved)) return
  const found = yield* read(aside)
  if (Option.isSome(found) && found.value !== stale) {
    yield* Effect.ignore(Effect.tryPromise(() => link(aside, lockPath)))
  }
  yield* attempt(dataDir, () => rm(aside, { force: true }))
})

const isAlive = Effect.fnUntraced(function* (holder: Holder): Effect.fn.Return<boolean> {
  if (yield* answers(holder.socketPath)) return true
  const exists = yield* Effect.sync(() => {
    try {
      return process.kill(holder.pid, 0)
    } catch (error) {
      return hasCode(error, "EPERM")
    }
  })
  if (!exists) return false
  const startedAt = yield* processStart(holder.pid)
  // Where the system does not tell, this very process is known to be another one than the lock's.
  return startedAt === null || holder.startedAt === null ? holder.pid !== process.pid : startedAt === holder.startedAt
})

/** Linux: field 22 of `/proc/<pid>/stat`, counted after the name in brackets, which may hold spaces (proc(5)). */
const processStart = (pid: number): Effect.Effect<string | null> =>
  Effect.map(
    read(`/proc/${pid}/stat`),
    Option.match({
      onNone: () => null,
      onSome: (stat) => stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null,
    }),
  )

const answers = (socketPath: string): Effect.Effect<boolean> =>
  Effect.acquireUseRelease(
    Effect.sync(() => connect(socketPath)),
    (socket) =>
      Effect.async<boolean>((resume) => {
        socket.once("connect", () => resume(Effect.succeed(true)))
        socket.on("error", () => resume(Effect.succeed(false)))
      }).pipe(Effect.timeoutTo({ duration: "1 second", onSuccess: (up) => up, onTimeout: () => false })),
    (socket) => Effect.sync(() => socket.destroy()),
  )

const hasCode = (error: unknown, code: string): boolean => Predicate.hasProperty(error, "code") && error.code === code
