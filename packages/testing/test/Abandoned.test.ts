import * as ChildProcess from "node:child_process"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule, Schema } from "effect"
import * as Esbuild from "esbuild"

/** A runner that starts a server, says where it is, and then waits for its own end. */
const runner = `
  import { Effect, Option } from "effect"
  import { startRedis } from "./Servers.ts"
  Effect.runFork(Effect.scoped(Effect.gen(function* () {
    const server = yield* startRedis()
    const pid = Option.getOrThrow(yield* server.pid)
    yield* Effect.sync(() => process.stdout.write(JSON.stringify({ pid })))
    yield* Effect.never
  })))
  setInterval(() => {}, 1000)
`

const Said = Schema.parseJson(Schema.Struct({ pid: Schema.Number }))

const bundle = Effect.promise(async () => {
  const { outputFiles } = await Esbuild.build({
    stdin: { contents: runner, resolveDir: Path.resolve(import.meta.dirname, "../src"), loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  })
  return outputFiles[0]?.text ?? ""
})

const startRunner = (source: string) =>
  Effect.acquireRelease(
    Effect.sync(() =>
      ChildProcess.spawn(process.execPath, ["--input-type=module"], { stdio: ["pipe", "pipe", "inherit"] }),
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL")),
  ).pipe(Effect.tap((child) => Effect.sync(() => child.stdin.end(source))))

const isAlive = (pid: number) =>
  Effect.sync(() => {
    try {
      return /^State:\s+[^ZX]/m.test(Fs.readFileSync(`/proc/${pid}/status`, "utf8"))
    } catch {
      return false
    }
  })

describe("an abandoned server", () => {
  it.scopedLive("ends, and its folder with it, when its runner is killed", (context) =>
    Effect.gen(function* () {
      if (!Fs.existsSync("/proc/self/status")) return context.skip("no /proc to look into")
      const child = yield* startRunner(yield* bundle)
      const said = yield* Effect.async<string>((resume) => {
        child.stdout.once("data", (chunk: Buffer) => resume(Effect.succeed(chunk.toString("utf8"))))
      })
      const { pid } = yield* Schema.decode(Said)(said)
      const folder = Fs.readlinkSync(`/proc/${pid}/cwd`)
      assert.isTrue(yield* isAlive(pid))
      assert.isTrue(Fs.existsSync(folder))

      child.kill("SIGKILL")

      yield* Effect.suspend(() => isAlive(pid)).pipe(
        Effect.filterOrFail((alive) => !alive && !Fs.existsSync(folder)),
        Effect.retry(Schedule.spaced("50 millis").pipe(Schedule.upTo("10 seconds"))),
      )
    }),
  )
})
