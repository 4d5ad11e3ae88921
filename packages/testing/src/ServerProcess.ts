import * as ChildProcess from "node:child_process"
import * as Fs from "node:fs"
import * as FsPromises from "node:fs/promises"
import * as Os from "node:os"
import * as Path from "node:path"
import { Clock, Data, Deferred, Effect, Option, Ref, Schedule, type Scope } from "effect"

/** A server that could not be prepared or started; `reason` is one line that says what to do, or the end of its log. */
export class ServerError extends Data.TaggedError("ServerError")<{
  readonly server: string
  readonly reason: string
}> {
  override get message() {
    return `${this.server}: ${this.reason}`
  }
}

/** How one kind of server is run; `superviseServer` does the rest. */
export interface ServerSpec {
  /** The name that messages use. */
  readonly name: string
  readonly folder: ServerFolder
  readonly command: string
  readonly args: ReadonlyArray<string>
  /** The user to run as, where it must be another one than ours. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  /** Whether the server that was started as this process answers its clients now. */
  readonly ready: (pid: number) => Effect.Effect<boolean>
  /** The signal that asks for an orderly stop in which nothing is lost and nobody is waited for. */
  readonly stopSignal: NodeJS.Signals
  /** Delivers a signal to the server; by default to the process started. */
  readonly signal?: ((signal: NodeJS.Signals) => Effect.Effect<void>) | undefined
  /** The shell command that ends the server when this process dies without a word; by default it kills the process. */
  readonly abandon?: string | undefined
}

/** A running server that a test may stop, kill and start again, always on the same port and the same data. */
export interface ServerProcess {
  /** The process now, none while it is down. */
  readonly pid: Effect.Effect<Option.Option<number>>
  /** Starts it unless it runs, and waits until it answers. Dies if it does not come up within 30 seconds. */
  readonly start: Effect.Effect<void>
  /** Stops it in order and waits for its end; killed if it takes over ten seconds. Does nothing when it is down. */
  readonly stop: Effect.Effect<void>
  /**
   * Sends a signal, SIGKILL by default. After SIGKILL, SIGTERM, SIGINT or SIGQUIT it waits for the end; SIGSTOP and SIGCONT
   * reach this one process only, so a frozen PostgreSQL takes no new connection while its old ones go on.
   */
  readonly kill: (signal?: NodeJS.Signals) => Effect.Effect<void>
  /** The last lines of its log. */
  readonly log: Effect.Effect<string>
}

const logFile = (folder: string) => Path.join(folder, "server.log")

const deadly: ReadonlySet<NodeJS.Signals> = new Set(["SIGKILL", "SIGTERM", "SIGINT", "SIGQUIT"])

/** Real time, whatever clock the test runs on: a server does not wait for a test clock. */
export const inRealTime = Effect.withClock(Clock.make())

/** A folder for a server's files, which is removed with the scope, and also when this process dies without a word. */
export interface ServerFolder {
  readonly path: string
  /** Sets the shell command that is to run first in the second case, in place of the one before. */
  readonly whenAbandoned: (command: string) => void
}

/** Where Linux keeps files in memory. */
const memory = "/dev/shm"

/** How much room there must be for the files of servers to be kept in memory, in bytes. */
const roomInMemory = 3 * 2 ** 30

/**
 * Where servers keep their files: in memory where there is much of it, since nothing of theirs is to last and a database is
 * copied there in a tenth of the time; else in the system's temporary folder.
 */
const parentFolder = Effect.promise(async () => {
  try {
    const { bavail, bsize } = await FsPromises.statfs(memory)
    await FsPromises.access(memory, FsPromises.constants.W_OK)
    return bavail * bsize >= roomInMemory ? memory : Os.tmpdir()
  } catch {
    return Os.tmpdir()
  }
})

/**
 * A folder for a server's files, with a process outside ours that watches our end of a pipe: finalizers do
 * not run when the runner is killed, and neither a server nor its files must outlive it.
 */
export const serverFolder: Effect.Effect<ServerFolder, never, Scope.Scope> = Effect.flatMap(parentFolder, (parent) =>
  serverFolderIn(parent),
)

/** The same on the disk, for more than may be kept in memory. */
export const serverFolderOnDisk: Effect.Effect<ServerFolder, never, Scope.Scope> = Effect.suspend(() =>
  serverFolderIn(Os.tmpdir()),
)

const serverFolderIn = Effect.fnUntraced(function* (
  parent: string,
): Effect.fn.Return<ServerFolder, never, Scope.Scope> {
  const path = yield* Effect.acquireRelease(
    Effect.promise(() => FsPromises.mkdtemp(Path.join(parent, "uptime-test-"))),
    (folder) => Effect.promise(() => FsPromises.rm(folder, { recursive: true, force: true, maxRetries: 5 })),
  )
  const input = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const child = ChildProcess.spawn(
        "sh",
        ["-c", 'last=:; while read -r line; do last=$line; done; eval "$last"; rm -rf -- "$0"', path],
        { detached: true, stdio: ["pipe", "ignore", "ignore"] },
      )
      child.unref()
      child.stdin.on("error", () => {})
      return child.stdin
    }),
    (input) => Effect.sync(() => input.end(`${nothing}\n`)),
  )
  return { path, whenAbandoned: (command) => input.write(`${command}\n`) }
})

const nothing = ":"

/** A command that runs to its end; fails with the end of its output unless it exits with 0. */
export const runToEnd = (
  server: string,
  command: string,
  args: ReadonlyArray<string>,
  options: ChildProcess.SpawnOptions = {},
): Effect.Effect<string, ServerError> =>
  Effect.async((resume) => {
    const chunks: Array<Buffer> = []
    const child = ChildProcess.spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] })
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.on("error", (error) => resume(new ServerError({ server, reason: `${command}: ${error.message}` })))
    child.on("close", (code) => {
      const output = Buffer.concat(chunks).toString("utf8").trim()
      resume(
        code === 0
          ? Effect.succeed(output)
          : new ServerError({ server, reason: `${command} ended with ${code}: ${lastLines(output)}` }),
      )
    })
    return Effect.sync(() => child.kill("SIGKILL"))
  })

const lastLines = (text: string) => text.trim().split("\n").slice(-12).join("\n")

const killProcess = (pid: number) =>
  `kill -QUIT ${pid}; n=0; while kill -0 ${pid} && [ $n -lt 30 ]; do n=$((n+1)); sleep 0.1; done; kill -KILL ${pid}`

/** Asks again every 20 ms until the answer is other than `undefined`, at most for `seconds`. */
const poll = <A>(question: Effect.Effect<A | undefined>, seconds: number): Effect.Effect<A | undefined> =>
  Effect.flatMap(question, (answer) => (answer === undefined ? Effect.fail("not yet") : Effect.succeed(answer))).pipe(
    Effect.retry(Schedule.spaced("20 millis").pipe(Schedule.upTo(seconds * 1000))),
    Effect.orElseSucceed(() => undefined),
  )

interface Running {
  readonly pid: number
  readonly ended: Deferred.Deferred<void>
}

/**
 * Runs a server until the scope closes, or until this process is gone, however it went.
 *
 * The server is a session of its own, so that Ctrl-C in the terminal reaches the runner alone, which then stops it.
 */
export const superviseServer = Effect.fnUntraced(function* (
  spec: ServerSpec,
): Effect.fn.Return<ServerProcess, ServerError, Scope.Scope> {
  const turn = yield* Effect.makeSemaphore(1)
  const running = yield* Ref.make(Option.none<Running>())
  const { path, whenAbandoned } = spec.folder

  const log = Effect.map(
    Effect.promise(() => FsPromises.readFile(logFile(path), "utf8").catch(() => "")),
    lastLines,
  )

  const alive = Effect.flatMap(
    Ref.get(running),
    Option.match({
      onNone: () => Effect.succeedNone,
      onSome: (process) =>
        Effect.map(Deferred.isDone(process.ended), (over) => (over ? Option.none() : Option.some(process))),
    }),
  )

  const spawn = Effect.flatMap(Deferred.make<void>(), (ended) =>
    Effect.async<Running, ServerError>((resume) => {
      const output = Fs.openSync(logFile(path), "a")
      const child = ChildProcess.spawn(spec.command, spec.args, {
        cwd: path,
        detached: true,
        stdio: ["ignore", output, output],
        ...spec.user,
      })
      Fs.closeSync(output)
      child.unref()
      child.on("error", (error) => resume(new ServerError({ server: spec.name, reason: error.message })))
      child.on("exit", () => {
        whenAbandoned(nothing)
        Deferred.unsafeDone(ended, Effect.void)
      })
      child.on("spawn", () => {
        const pid = child.pid ?? 0
        whenAbandoned(spec.abandon ?? killProcess(pid))
        resume(Effect.succeed({ pid, ended }))
      })
    }),
  )

  const signal = (pid: number, name: NodeJS.Signals) =>
    spec.signal === undefined ? Effect.ignore(Effect.try(() => process.kill(pid, name))) : spec.signal(name)

  const isOver = ({ ended }: Running) => Effect.map(Deferred.isDone(ended), (over) => over || undefined)

  const kill = Effect.fnUntraced(function* (name: NodeJS.Signals) {
    const current = yield* alive
    if (Option.isNone(current)) return
    yield* signal(current.value.pid, name)
    if (!deadly.has(name)) return
    if ((yield* poll(isOver(current.value), 10)) === undefined) {
      yield* signal(current.value.pid, "SIGKILL")
      yield* poll(isOver(current.value), 10)
    }
  })

  const start = Effect.gen(function* () {
    if (Option.isSome(yield* alive)) return
    const started = yield* spawn
    yield* Ref.set(running, Option.some(started))
    const question = Effect.gen(function* () {
      if (yield* Deferred.isDone(started.ended)) return "ended"
      return (yield* spec.ready(started.pid)) ? "up" : undefined
    })
    if ((yield* poll(question, 30)) === "up") return
    yield* kill("SIGKILL")
    return yield* new ServerError({ server: spec.name, reason: `did not start: ${yield* log}` })
  })

  const exclusively = <A, E>(effect: Effect.Effect<A, E>) =>
    effect.pipe(Effect.uninterruptible, turn.withPermits(1), inRealTime)

  yield* Effect.acquireRelease(exclusively(start), () => exclusively(kill(spec.stopSignal)))

  return {
    pid: Effect.map(
      alive,
      Option.map(({ pid }) => pid),
    ),
    start: Effect.orDie(exclusively(start)),
    stop: exclusively(kill(spec.stopSignal)),
    kill: (name = "SIGKILL") => exclusively(kill(name)),
    log,
  }
})
