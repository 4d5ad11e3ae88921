import { spawn } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Option, Schedule, type Scope } from "effect"
import { freePort } from "../../packages/testing/src/FreePort.ts"

/** A blackbox_exporter that runs. */
export interface Exporter {
  readonly pid: number
  /** One probe of a URL, on a new connection; dies unless it succeeds. */
  readonly probe: (url: string) => Effect.Effect<void>
}

/** Debian's package and program. */
const program = "prometheus-blackbox-exporter"

/** Checks that ask as ours do: a GET on a new connection, and no word about the certificate. */
const modules = `modules:
  bench:
    prober: http
    timeout: 5s
    http: { preferred_ip_protocol: ip4, tls_config: { insecure_skip_verify: true } }
`

/** Starts it on a free port until the scope closes; null where it is not installed. */
export const startExporter: Effect.Effect<Exporter | null, never, Scope.Scope> = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "uptime-exporter-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
  )
  const config = join(folder, "blackbox.yml")
  yield* Effect.promise(() => writeFile(config, modules))
  const port = yield* freePort
  const pid = yield* Effect.acquireRelease(
    Effect.async<Option.Option<{ readonly pid: number; readonly stop: () => void }>>((resume) => {
      const child = spawn(program, [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`], {
        stdio: "ignore",
      })
      child.once("error", () => resume(Effect.succeedNone))
      child.once("spawn", () =>
        resume(Effect.succeedSome({ pid: child.pid ?? 0, stop: () => void child.kill("SIGKILL") })),
      )
    }),
    (child) => Effect.sync(() => Option.map(child, ({ stop }) => stop())),
  )
  if (Option.isNone(pid)) return null
  const get = (path: string) =>
    Effect.tryPromise(async (signal) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal })
      return { status: answer.status, text: await answer.text() }
    })
  yield* get("/-/healthy").pipe(
    Effect.retry(Schedule.spaced("50 millis").pipe(Schedule.upTo("10 seconds"))),
    Effect.orDie,
  )
  return {
    pid: pid.value.pid,
    probe: (url) =>
      get(`/probe?module=bench&target=${encodeURIComponent(url)}`).pipe(
        Effect.orDie,
        Effect.flatMap(({ text }) =>
          /^probe_success 1$/m.test(text) ? Effect.void : Effect.dieMessage(`the exporter did not reach ${url}`),
        ),
      ),
  }
})
