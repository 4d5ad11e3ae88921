import * as ChildProcess from "node:child_process"
import * as Fs from "node:fs"
import * as FsPromises from "node:fs/promises"
import * as Os from "node:os"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import { Deferred, Effect, Option, type Scope } from "effect"
import { build, type Plugin } from "esbuild"

/** A process of ours, as an operator would run it: real signals, real exit codes. */
export interface AppProcess {
  readonly pid: number
  /** Sends a signal, SIGKILL by default; does nothing once it has ended. */
  readonly kill: (signal?: NodeJS.Signals) => Effect.Effect<void>
  /** Waits for its end: the exit code, none when a signal ended it. */
  readonly ended: Effect.Effect<Option.Option<number>>
  /** What it has written so far, both streams, at most the last 200,000 characters. */
  readonly output: Effect.Effect<string>
  /** Waits until it has written a text. Set a limit of time around it. */
  readonly awaitOutput: (text: string) => Effect.Effect<void>
}

/** The most output that is kept, in characters. */
const keptOutput = 200_000

/**
 * One JavaScript file from a TypeScript entry, bundled as the apps are, in a temporary folder that goes with the scope.
 *
 * @param entry the entry, such as `new URL("./main.ts", import.meta.url)`
 * @param exchanges modules that the entry itself imports, by the names it uses, and what it is given in their place
 */
export const bundled = Effect.fnUntraced(function* (
  entry: URL,
  exchanges: Readonly<Record<string, URL>> = {},
): Effect.fn.Return<string, never, Scope.Scope> {
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => FsPromises.mkdtemp(Path.join(Os.tmpdir(), "uptime-bundle-"))),
    (path) => Effect.promise(() => FsPromises.rm(path, { recursive: true, force: true })),
  )
  const outfile = Path.join(folder, `${Path.basename(entry.pathname, ".ts")}.mjs`)
  yield* Effect.promise(() =>
    build({
      entryPoints: [fileURLToPath(entry)],
      outfile,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      external: ["pg-native"],
      banner: { js: `import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);` },
      logLevel: "silent",
      plugins: [exchange(fileURLToPath(entry), exchanges)],
    }),
  )
  return outfile
})

/** Gives one module others than those it asks for. */
const exchange = (importer: string, exchanges: Readonly<Record<string, URL>>): Plugin => ({
  name: "exchange",
  setup: ({ onResolve }) => {
    onResolve({ filter: /./ }, (asked) => {
      const given = exchanges[asked.path]
      return given === undefined || asked.importer !== importer ? undefined : { path: fileURLToPath(given) }
    })
  },
})

/**
 * Starts a bundle under Node with just these variables (and PATH), killed with the scope if it still runs.
 *
 * @param options the file that it writes to, instead of what `output` gives; and flags of Node
 */
export const startApp = (
  bundle: string,
  env: Readonly<Record<string, string>>,
  { flags = [], logTo }: { readonly logTo?: string; readonly flags?: ReadonlyArray<string> } = {},
): Effect.Effect<AppProcess, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.gen(function* () {
      const end = yield* Deferred.make<Option.Option<number>>()
      const waiters = new Set<{ readonly text: string; readonly resume: () => void }>()
      let output = ""
      const child = yield* Effect.sync(() => {
        const log = logTo === undefined ? "pipe" : Fs.openSync(logTo, "w")
        const spawned = ChildProcess.spawn(process.execPath, [...flags, bundle], {
          env: { PATH: process.env["PATH"], ...env },
          cwd: Path.dirname(bundle),
          stdio: ["ignore", log, log],
        })
        if (typeof log === "number") Fs.closeSync(log)
        return spawned
      })
      const collect = (chunk: Buffer) => {
        output = (output + chunk.toString("utf8")).slice(-keptOutput)
        for (const waiter of waiters) {
          if (!output.includes(waiter.text)) continue
          waiters.delete(waiter)
          waiter.resume()
        }
      }
      child.stdout?.on("data", collect)
      child.stderr?.on("data", collect)
      child.on("close", (code) => Deferred.unsafeDone(end, Effect.succeed(Option.fromNullable(code))))
      const started: AppProcess = {
        pid: child.pid ?? 0,
        kill: (signal = "SIGKILL") => Effect.sync(() => void child.kill(signal)),
        ended: Deferred.await(end),
        output: Effect.sync(() => output),
        awaitOutput: (text) =>
          Effect.async((resume) => {
            if (output.includes(text)) return resume(Effect.void)
            const waiter = { text, resume: () => resume(Effect.void) }
            waiters.add(waiter)
            return Effect.sync(() => waiters.delete(waiter))
          }),
      }
      return started
    }),
    (app) => Effect.zipRight(app.kill(), app.ended),
  )
