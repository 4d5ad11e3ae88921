import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Deferred, Effect, Exit, Option, Ref, Schema, type Scope, Stream, SubscriptionRef } from "effect"
import { build } from "esbuild"

/** One line of the process's log. */
export const LogLine = Schema.Struct({ level: Schema.String, service: Schema.String, message: Schema.String })

/** A built program, and the empty folder that it is run in. */
export interface Program {
  readonly file: string
  readonly folder: string
}

/** Builds `fixtures/tinyProcess.ts` as an app is built, for the life of the scope. */
export const program: Effect.Effect<Program, unknown, Scope.Scope> = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.tryPromise(() => mkdtemp(join(tmpdir(), "uptime-runtime-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
  )
  const file = join(folder, "tinyProcess.cjs")
  yield* Effect.tryPromise(() =>
    build({
      entryPoints: [fileURLToPath(new URL("./fixtures/tinyProcess.ts", import.meta.url))],
      outfile: file,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      logLevel: "error",
    }),
  )
  return { file, folder }
})

/** A running process: what it printed so far, and how it ends. */
export interface TinyProcess {
  /** Waits for a line of standard output that matches; fails when the process ends without it. */
  readonly line: (pattern: RegExp) => Effect.Effect<string, string>
  readonly signal: (signal: NodeJS.Signals) => Effect.Effect<void>
  /** Closes the other ends of its output, as a log collector that crashes does. */
  readonly deafen: Effect.Effect<void>
  /** Waits for the end: the code, or the signal that killed it. */
  readonly exit: Effect.Effect<number | NodeJS.Signals>
  /** Everything printed so far, by line. */
  readonly lines: Effect.Effect<ReadonlyArray<string>>
  readonly stderr: Effect.Effect<string>
}

/** Starts the program with nothing but these variables in its environment; killed with the scope. */
export const start = (
  { file, folder }: Program,
  variables: Readonly<Record<string, string>>,
): Effect.Effect<TinyProcess, never, Scope.Scope> =>
  Effect.gen(function* () {
    const output = yield* SubscriptionRef.make<ReadonlyArray<string>>([])
    const errors = yield* Ref.make("")
    const ended = yield* Deferred.make<number | NodeJS.Signals>()
    const child: ChildProcess = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn(process.execPath, [file], { cwd: folder, env: variables, stdio: ["ignore", "pipe", "pipe"] }),
      ),
      (running) =>
        Effect.zipRight(
          Effect.sync(() => running.kill("SIGKILL")),
          Deferred.await(ended),
        ),
    )
    let rest = ""
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const parts = (rest + text).split("\n")
      rest = parts.pop() ?? ""
      Effect.runSync(Ref.update(output, (lines) => [...lines, ...parts]))
    })
    child.stderr
      ?.setEncoding("utf8")
      .on("data", (text: string) => Effect.runSync(Ref.update(errors, (all) => all + text)))
    child.on("close", (code, signal) => Deferred.unsafeDone(ended, Exit.succeed(code ?? signal ?? "SIGKILL")))
    const line = (pattern: RegExp) =>
      output.changes.pipe(
        Stream.map((lines) => Option.fromNullable(lines.find((candidate) => pattern.test(candidate)))),
        Stream.filterMap((found) => found),
        Stream.runHead,
        Effect.flatMap((found) => (Option.isSome(found) ? Effect.succeed(found.value) : Effect.fail("no such line"))),
        Effect.raceFirst(
          Deferred.await(ended).pipe(
            Effect.zipRight(Ref.get(output)),
            Effect.flatMap((lines) => {
              const found = lines.find((candidate) => pattern.test(candidate))
              return found === undefined
                ? Effect.fail(`the process ended without a line like ${pattern}:\n${lines.join("\n")}`)
                : Effect.succeed(found)
            }),
          ),
        ),
      )
    return {
      line,
      signal: (signal) => Effect.sync(() => child.kill(signal)),
      deafen: Effect.sync(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
      }),
      exit: Deferred.await(ended),
      lines: Ref.get(output),
      stderr: Ref.get(errors),
    }
  })
